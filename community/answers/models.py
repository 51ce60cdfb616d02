"""Answers and the ways of asking for them. An entry without a community holds for all; a community's own goes first."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, DateTime, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, RandomId, closed_list
from community.parties.models import PartyType
from community.residents.models import Language


class AnswerEntry(Base):
    """One answer in both languages. `code` is its id in the file; `written_by` is set where staff wrote it themselves.

    `office` names a party of the community whose phone is told with the answer: it is data, not text of the file.
    """

    __tablename__ = "answer_entries"
    __table_args__ = (UniqueConstraint("community_id", "code", postgresql_nulls_not_distinct=True),)

    id: Mapped[RandomId]
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey("communities.id"))
    code: Mapped[str] = mapped_column(String(60))
    topic: Mapped[str] = mapped_column(String(40))
    title_zh: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text)
    answer_zh: Mapped[str] = mapped_column(Text)
    answer_en: Mapped[str] = mapped_column(Text)
    source_zh: Mapped[str] = mapped_column(Text)
    source_en: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str | None] = mapped_column(Text)
    checked_on: Mapped[date] = mapped_column(Date)
    office: Mapped[PartyType | None] = mapped_column(closed_list(PartyType))
    phones: Mapped[list[str]] = mapped_column(JSONB, default=list)
    buttons: Mapped[list[str]] = mapped_column(JSONB, default=list)
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), onupdate=func.now()
    )


class AnswerQuestion(Base):
    """One way of asking for an entry, with its vector: 512 float16 of length 1, none until the bot has measured it."""

    __tablename__ = "answer_questions"
    __table_args__ = (
        UniqueConstraint("entry_id", "words"),
        Index("ix_answer_questions_unmeasured", "id", postgresql_where="vector IS NULL"),
    )

    id: Mapped[RandomId]
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("answer_entries.id", ondelete="CASCADE"))
    language: Mapped[Language] = mapped_column(closed_list(Language))
    words: Mapped[str] = mapped_column(Text)
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
