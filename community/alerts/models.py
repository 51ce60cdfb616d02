"""Alerts 急报: one that is open for a need, whom it has called, and how fast a community goes on to the next."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, RandomId, closed_list

NEXT_MINUTES = 5
FOLLOW_UP_MINUTES = 10


class CallStep(StrEnum):
    """Why somebody was called: on duty, next on the roster, leads the party, is the street; NOBODY where none is."""

    DUTY = "duty"
    NEXT = "next"
    LEADER = "leader"
    STREET = "street"
    NOBODY = "nobody"


class Alert(Base):
    """One alert, open until `ended_at`. `due_at` is when the next is called, `quiet_at` when the person is asked again.

    `round` counts how often the whole roster was gone through, `promised_at` is when the resident was told that
    somebody will be there.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        Index("uq_alerts_open", "need_id", unique=True, postgresql_where="ended_at IS NULL"),
        Index("ix_alerts_due_at", "due_at", postgresql_where="due_at IS NOT NULL"),
        Index("ix_alerts_quiet_at", "quiet_at", postgresql_where="quiet_at IS NOT NULL"),
        Index("ix_alerts_community_open", "community_id", postgresql_where="ended_at IS NULL"),
        Index("ix_alerts_need_id", "need_id"),
    )

    id: Mapped[RandomId]
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    danger: Mapped[str] = mapped_column(String(20))
    raised_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    raised_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    promised_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    round: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    quiet_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    asked_again: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_why: Mapped[str | None] = mapped_column(Text)


class AlertCall(Base):
    """Somebody was called, once a round. Rows are only added."""

    __tablename__ = "alert_calls"
    __table_args__ = (
        UniqueConstraint("alert_id", "round", "staff_id", postgresql_nulls_not_distinct=True),
        Index("ix_alert_calls_staff_id", "staff_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alerts.id"))
    round: Mapped[int] = mapped_column(SmallInteger)
    step: Mapped[CallStep] = mapped_column(closed_list(CallStep))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class AlertTimes(Base):
    """Minutes of a community: until the next is called, and until a silent person is asked again."""

    __tablename__ = "alert_times"

    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"), primary_key=True)
    next_minutes: Mapped[int] = mapped_column(SmallInteger, default=NEXT_MINUTES)
    follow_up_minutes: Mapped[int] = mapped_column(SmallInteger, default=FOLLOW_UP_MINUTES)
