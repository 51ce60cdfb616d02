"""Swaps of duty shifts; the shifts themselves are `DutyShift` in community/parties/models.py."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId, closed_list


class SwapState(StrEnum):
    """open -> agreed | declined by the colleague, withdrawn by who asked."""

    OPEN = "open"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ShiftSwap(Base):
    """A colleague asks another to take a shift, against one of the other's where `for_shift_id` names it."""

    __tablename__ = "shift_swaps"
    __table_args__ = (
        Index("uq_shift_swaps_open", "shift_id", unique=True, postgresql_where="state = 'open'"),
        Index("ix_shift_swaps_for_shift_id", "for_shift_id"),
        Index("ix_shift_swaps_asked_of", "asked_of", postgresql_where="state = 'open'"),
    )

    id: Mapped[RandomId]
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("duty_shifts.id", ondelete="CASCADE"))
    for_shift_id: Mapped[UUID | None] = mapped_column(ForeignKey("duty_shifts.id", ondelete="CASCADE"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    asked_of: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[SwapState] = mapped_column(closed_list(SwapState), default=SwapState.OPEN)
    created_at: Mapped[CreatedAt]
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
