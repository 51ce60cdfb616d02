"""Surveys: the question after a need is resolved, sent, reminded once, answered or closed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId, closed_list


class SurveyState(StrEnum):
    """planned -> asked -> answered | expired; cancelled when the need moved on by itself."""

    PLANNED = "planned"
    ASKED = "asked"
    ANSWERED = "answered"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Survey(Base):
    """One survey of one need; a reopened need has a next round. `due_at` is when the next step is due."""

    __tablename__ = "surveys"
    __table_args__ = (
        UniqueConstraint("need_id", "round"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        Index("ix_surveys_due_at", "due_at", postgresql_where="due_at IS NOT NULL"),
        Index("ix_surveys_resident_id", "resident_id"),
    )

    id: Mapped[RandomId]
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    round: Mapped[int] = mapped_column(Integer)
    state: Mapped[SurveyState] = mapped_column(closed_list(SurveyState), default=SurveyState.PLANNED)
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reminded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    solved: Mapped[bool | None] = mapped_column(Boolean)
    score: Mapped[int | None] = mapped_column(SmallInteger)
    words: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[CreatedAt]
