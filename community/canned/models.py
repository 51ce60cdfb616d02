"""Canned answers 快捷回复 of a party: a title to choose by, and the words in both languages with fields like {code}."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId, closed_list


class CannedFor(StrEnum):
    """The form beside which a canned answer is offered."""

    ANSWER = "answer"
    ASK = "ask"
    RESOLVE = "resolve"


class CannedAnswer(Base):
    """One canned answer. A retired one is offered no more and stays for those who want it back.

    `zh` and `en` are the words, `title_…` what the button says; `used` counts how often one was
    sent, which orders them.
    """

    __tablename__ = "canned_answers"
    __table_args__ = (
        Index("ix_canned_answers_party_id_used", "party_id", "used", postgresql_where="retired_at IS NULL"),
    )

    id: Mapped[RandomId]
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    fits: Mapped[CannedFor] = mapped_column(closed_list(CannedFor))
    title_zh: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text)
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    used: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[CreatedAt]

    @property
    def title(self) -> dict[str, str]:
        """The title in both languages."""
        return {"zh": self.title_zh, "en": self.title_en}

    @property
    def words(self) -> dict[str, str]:
        """The words in both languages, with their fields."""
        return {"zh": self.zh, "en": self.en}
