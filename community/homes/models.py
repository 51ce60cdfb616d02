"""Who confirmed a home, and codes by which a household lets one of its own in. Next: usecases.py."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base


class HomeConfirmation(Base):
    """One home confirmed: by staff, or by a member of the household. Rows are only added."""

    __tablename__ = "home_confirmations"
    __table_args__ = (Index("ix_home_confirmations_resident_id", "resident_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    place_id: Mapped[UUID] = mapped_column(ForeignKey("places.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class HouseholdCode(Base):
    """A code of somebody whose home is confirmed, for one of the household; of the code only its hash is kept."""

    __tablename__ = "household_codes"

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
