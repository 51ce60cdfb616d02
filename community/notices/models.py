"""Notices: what the committee tells the people of a community."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Boolean, DateTime, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId, closed_list


class NoticeState(StrEnum):
    """From the draft to the last message out."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"


class Notice(Base):
    """A notice 通知 in both languages; English may be missing and falls back to Chinese."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_community_id_valid_from", "community_id", "valid_from"),)

    id: Mapped[RandomId]
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    category: Mapped[str] = mapped_column(String(40))
    state: Mapped[NoticeState] = mapped_column(closed_list(NoticeState), default=NoticeState.DRAFT)
    title_zh: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str | None] = mapped_column(Text)
    text_zh: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str | None] = mapped_column(Text)
    public: Mapped[bool] = mapped_column(Boolean, default=True)
    valid_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    valid_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[CreatedAt]
