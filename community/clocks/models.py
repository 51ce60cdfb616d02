"""Clocks 时限 of a need: accept or decline, first answer, solution, waiting for the resident; and their reminders.

A clock is one row with what is left of it; its next reminder is due at `next_at`, which the worker claims. What was
sent is a row of `clock_steps`, once a clock and step, so that nothing is sent twice.
"""

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
    Integer,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, closed_list


class ClockName(StrEnum):
    """What has to happen before the clock runs out."""

    ACCEPT = "accept"
    ANSWER = "answer"
    SOLUTION = "solution"
    WAITING = "waiting"


class ClockStep(StrEnum):
    """Who hears that a clock runs out, in this order; OVERDUE is when it has."""

    PERSON = "person"
    LEADER = "leader"
    STREET = "street"
    OVERDUE = "overdue"


class Outcome(StrEnum):
    """How a clock ended: in time, too late, or because the need ended or went elsewhere."""

    MET = "met"
    LATE = "late"
    STOPPED = "stopped"


class NeedClock(Base):
    """One clock. Working seconds `used` had passed at `counted_from`; while `paused_at` is set it stands still."""

    __tablename__ = "need_clocks"
    __table_args__ = (
        UniqueConstraint("need_id", "name", "round"),
        Index("uq_need_clocks_running", "need_id", "name", unique=True, postgresql_where="ended_at IS NULL"),
        Index("ix_need_clocks_next_at", "next_at", postgresql_where="next_at IS NOT NULL"),
        Index("ix_need_clocks_measured", "ended_at", postgresql_where="outcome IN ('met', 'late')"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    name: Mapped[ClockName] = mapped_column(closed_list(ClockName))
    round: Mapped[int] = mapped_column(SmallInteger)
    minutes: Mapped[int] = mapped_column(Integer)
    around_the_clock: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    counted_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    paused_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[Outcome | None] = mapped_column(closed_list(Outcome))
    next_step: Mapped[ClockStep | None] = mapped_column(closed_list(ClockStep))
    next_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ClockReminder(Base):
    """A reminder of a clock: to a person, or to a party where `staff_id` is None. Rows are only added."""

    __tablename__ = "clock_steps"
    __table_args__ = (
        UniqueConstraint("clock_id", "step"),
        Index("ix_clock_steps_party_id_done_at", "party_id", "done_at"),
        Index("ix_clock_steps_staff_id_done_at", "staff_id", "done_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("need_clocks.id"))
    step: Mapped[ClockStep] = mapped_column(closed_list(ClockStep))
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    done_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    party_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
