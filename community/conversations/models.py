"""Handovers: a resident wants a person, staff take the conversation and give it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId, SealedText


class Handover(Base):
    """One wish for a person. Waiting until `taken_at`, with a person until `ended_at`; the bot is silent in between.

    With a `need_id` staff began it from the page of that need. `seen_at` is when staff last looked at what was said.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        Index("uq_handovers_open", "resident_id", unique=True, postgresql_where="ended_at IS NULL"),
        Index("ix_handovers_party_id_ended_at", "party_id", "ended_at"),
        Index("ix_handovers_need_id", "need_id", postgresql_where="need_id IS NOT NULL"),
    )

    id: Mapped[RandomId]
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    need_id: Mapped[UUID | None] = mapped_column(ForeignKey("needs.id"))
    message_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    words: Mapped[str] = mapped_column(SealedText("handovers.words"))
    created_at: Mapped[CreatedAt]
    taken_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
