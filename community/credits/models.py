"""The ledger of the time bank, in minutes: lines are only added, the sum of a resident's lines is what they have."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, closed_list


class CreditReason(StrEnum):
    """Why a line was written: a shift, a correction of its hours, help that was asked for, or that did not come."""

    SERVED = "served"
    CORRECTED = "corrected"
    SPENT = "spent"
    RETURNED = "returned"


class CreditLine(Base):
    """One line: how many minutes, why, and the sign-up or the need that it is about. Rows are only added."""

    __tablename__ = "credit_lines"
    __table_args__ = (
        CheckConstraint("(reason = 'spent') = (minutes < 0) OR reason = 'corrected'", name="sign"),
        Index("ix_credit_lines_resident_id_community_id", "resident_id", "community_id"),
        Index("uq_credit_lines_served", "sign_up_id", unique=True, postgresql_where="reason = 'served'"),
        Index("uq_credit_lines_need_id_reason", "need_id", "reason", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    minutes: Mapped[int] = mapped_column(Integer)
    reason: Mapped[CreditReason] = mapped_column(closed_list(CreditReason))
    sign_up_id: Mapped[UUID | None] = mapped_column(ForeignKey("sign_ups.id"))
    need_id: Mapped[UUID | None] = mapped_column(ForeignKey("needs.id"))
    request_id: Mapped[UUID | None] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class TimeBank(Base):
    """A community that keeps a time bank, since when; without a row here it keeps none."""

    __tablename__ = "time_banks"

    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    begun_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
