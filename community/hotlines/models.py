"""Hotlines of a community: number, what it is for, in which dangers it is named, and when somebody answers there."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId
from community.places.models import Hours


class Danger(StrEnum):
    """What somebody is in danger of; DISTRESS is no danger and needs a number all the same."""

    SELF_HARM = "self_harm"
    VIOLENCE = "violence"
    FIRE = "fire"
    GAS = "gas"
    INJURY = "injury"
    MISSING = "missing"
    OTHER = "other"
    DISTRESS = "distress"


class Hotline(Base):
    """One number 热线. `hours` is a week as offices have it; None means that somebody answers around the clock."""

    __tablename__ = "hotlines"
    __table_args__ = (UniqueConstraint("community_id", "number"),)

    id: Mapped[RandomId]
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    number: Mapped[str] = mapped_column(String(20))
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    purpose_zh: Mapped[str] = mapped_column(Text)
    purpose_en: Mapped[str] = mapped_column(Text)
    hours: Mapped[Hours | None] = mapped_column(JSONB(none_as_null=True))
    dangers: Mapped[list[str]] = mapped_column(JSONB)
    position: Mapped[int] = mapped_column(SmallInteger)
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[CreatedAt]

    @property
    def name(self) -> dict[str, str]:
        """The name in both languages."""
        return {"zh": self.zh, "en": self.en}

    @property
    def purpose(self) -> dict[str, str]:
        """What it is for, in both languages."""
        return {"zh": self.purpose_zh, "en": self.purpose_en}
