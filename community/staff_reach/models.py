"""The accounts on channels that belong to a colleague."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base


class StaffLink(Base):
    """An own account of a colleague: an address, and the resident whose address it is.

    So it also says which resident a colleague is, who may not handle an own need. Ended, the row is deleted.
    """

    __tablename__ = "staff_links"
    __table_args__ = (
        Index("ix_staff_links_resident_id", "resident_id"),
        Index("ix_staff_links_address_id", "address_id"),
    )

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    address_id: Mapped[UUID] = mapped_column(ForeignKey("addresses.id"), primary_key=True)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    linked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
