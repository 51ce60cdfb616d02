"""A swap 换班 of two volunteers' places, and whom Linli asked for it. Next: usecases.py."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId, closed_list


class SwapState(StrEnum):
    """asked -> agreed (both places changed hands) or over (nobody could, too late, or the place is given up)."""

    ASKED = "asked"
    AGREED = "agreed"
    OVER = "over"


class Swap(Base):
    """Somebody's wish to give the place of `sign_up_id` for one in `shift_id`; who asked has agreed by asking."""

    __tablename__ = "swaps"
    __table_args__ = (
        Index("uq_swaps_asked", "sign_up_id", unique=True, postgresql_where="state = 'asked'"),
        Index("ix_swaps_until", "until", postgresql_where="state = 'asked'"),
        Index("ix_swaps_sign_up_id", "sign_up_id"),
    )

    id: Mapped[RandomId]
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    sign_up_id: Mapped[UUID] = mapped_column(ForeignKey("sign_ups.id"))
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"))
    state: Mapped[SwapState] = mapped_column(closed_list(SwapState), default=SwapState.ASKED)
    message_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    request_id: Mapped[UUID | None] = mapped_column(unique=True)
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SwapAsk(Base):
    """One volunteer of the wanted shift asked, once; `said` is the answer, None while there is none."""

    __tablename__ = "swap_asks"
    __table_args__ = (
        UniqueConstraint("swap_id", "resident_id"),
        Index("ix_swap_asks_resident_id_asked_at", "resident_id", "asked_at"),
    )

    id: Mapped[RandomId]
    swap_id: Mapped[UUID] = mapped_column(ForeignKey("swaps.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    sign_up_id: Mapped[UUID] = mapped_column(ForeignKey("sign_ups.id"))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    said: Mapped[bool | None] = mapped_column(Boolean)
    said_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
