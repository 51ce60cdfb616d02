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
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId, SealedText, closed_list


class SurveyState(StrEnum):
    """planned -> asked -> answered | expired; cancelled when the need moved on by itself."""

    PLANNED = "planned"
    ASKED = "asked"
    ANSWERED = "answered"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class HeldFor(StrEnum):
    """Why a planned survey was not asked when it was due.

    Another need of the person is asked about just now; the rest are the reasons of community/residents/reach.py.
    """

    ANOTHER_QUESTION = "another_question"
    NO_CHANNEL = "no_channel"
    STOPPED = "stopped"
    WINDOW_OVER = "window_over"


FIRST, AFTER_CALL_BACK = 1, 2
"""The turns of a round of work: the survey itself, and the one after a call-back."""


class Survey(Base):
    """One survey of one need and round of work; a reopened need has a next round. `due_at` is its next step.

    `turn` is 2 for the one survey that follows a call-back. `held_for` stays as the reason why it was asked late, or
    never. `entered_by` is who of staff wrote down an answer that was told by phone.
    """

    __tablename__ = "surveys"
    __table_args__ = (
        UniqueConstraint("need_id", "round", "turn"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        CheckConstraint("turn IN (1, 2)", name="turn"),
        Index("ix_surveys_due_at", "due_at", postgresql_where="due_at IS NOT NULL"),
        Index("ix_surveys_resident_id", "resident_id"),
        Index("ix_surveys_answered_at", "answered_at", postgresql_where="answered_at IS NOT NULL"),
        Index(
            "ix_surveys_held",
            "resident_id",
            postgresql_where="state = 'planned' AND held_for IN ('stopped', 'window_over')",
        ),
    )

    id: Mapped[RandomId]
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    round: Mapped[int] = mapped_column(Integer)
    turn: Mapped[int] = mapped_column(SmallInteger, default=FIRST, server_default="1")
    state: Mapped[SurveyState] = mapped_column(closed_list(SurveyState), default=SurveyState.PLANNED)
    held_for: Mapped[HeldFor | None] = mapped_column(closed_list(HeldFor))
    held_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reminded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    solved: Mapped[bool | None] = mapped_column(Boolean)
    score: Mapped[int | None] = mapped_column(SmallInteger)
    words: Mapped[str | None] = mapped_column(SealedText("surveys.words"))
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[CreatedAt]
