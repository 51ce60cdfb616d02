"""Changes of a community's office hours: what the week or one date was before, what it is now, who and why.

The hours themselves stand in `communities.office_hours`, weekdays and single dates in one mapping, so that whoever
reads a community knows when its office is open.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, ForeignKey, Identity, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base


class CalendarChange(Base):
    """One change; `day` is None for the usual week. `before` and `after` are None where nothing was set. Only added."""

    __tablename__ = "calendar_changes"
    __table_args__ = (Index("ix_calendar_changes_community_id_id", "community_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    day: Mapped[date | None] = mapped_column(Date)
    before: Mapped[object | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[object | None] = mapped_column(JSONB(none_as_null=True))
    why: Mapped[str] = mapped_column(Text, default="", server_default="")
