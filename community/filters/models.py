"""Filters of the queue that somebody of staff keeps under a name."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId, SealedText


class SavedFilter(Base):
    """One filter of one person: its name, and the query of the queue's address. What is searched may name somebody."""

    __tablename__ = "saved_filters"

    id: Mapped[RandomId]
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(SealedText("saved_filters.name"))
    query: Mapped[str] = mapped_column(SealedText("saved_filters.query"))
    created_at: Mapped[CreatedAt]
