"""Codes of six digits, shown in one place and typed in another: by a resident, or by a colleague in an own channel."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId


class LinkCode(Base):
    """An open code; used, replaced or outworn it is deleted. The digits are not kept, only their fingerprint.

    It was asked for by a resident, at `address_id` where that was a chat, or by a colleague in the console. `typed_by`
    typed it right and is asked once more.
    """

    __tablename__ = "link_codes"
    __table_args__ = (
        CheckConstraint("(resident_id IS NULL) <> (staff_id IS NULL)", name="one_asker"),
        Index("ix_link_codes_ends_at", "ends_at"),
        Index("ix_link_codes_resident_id", "resident_id"),
    )

    id: Mapped[RandomId]
    fingerprint: Mapped[str] = mapped_column(String(8), unique=True)
    resident_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"))
    address_id: Mapped[UUID | None] = mapped_column(ForeignKey("addresses.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    typed_by: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[CreatedAt]
