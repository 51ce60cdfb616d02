"""Messages that were not understood, what staff did with them, and the sentences that they taught.

No row here leads to a resident: no id, no time of day, and words only after masking.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Date, DateTime, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, RandomId, SealedText, closed_list


class ActKind(StrEnum):
    """What staff make of a group."""

    TEACH = "teach"
    ANSWER = "answer"
    IGNORE = "ignore"


class LearningAct(Base):
    """One act of one colleague. `about` is the intent or the answer's title, `messages` how many it settled."""

    __tablename__ = "learning_acts"
    __table_args__ = (Index("ix_learning_acts_at", "at"),)

    id: Mapped[RandomId]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey("communities.id"))
    act: Mapped[ActKind] = mapped_column(closed_list(ActKind))
    about: Mapped[str] = mapped_column(Text)
    messages: Mapped[int] = mapped_column(Integer)


class LearnedExample(Base):
    """A sentence that staff taught: what people say who want `intent`. Reviewed again before it is trained."""

    __tablename__ = "learned_examples"

    id: Mapped[RandomId]
    act_id: Mapped[UUID] = mapped_column(ForeignKey("learning_acts.id"))
    intent: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text, unique=True)


class UnclearMessage(Base):
    """One message that was not understood. `guesses` were offered, `picked` is what the person then wanted."""

    __tablename__ = "unclear_messages"
    __table_args__ = (
        Index("ix_unclear_messages_said_on", "said_on"),
        Index("ix_unclear_messages_open", "community_id", "said_on", postgresql_where="act_id IS NULL"),
        Index("ix_unclear_messages_unmeasured", "id", postgresql_where="vector IS NULL"),
    )

    id: Mapped[RandomId]
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey("communities.id"))
    said_on: Mapped[date] = mapped_column(Date)
    words: Mapped[str] = mapped_column(SealedText("unclear_messages.words"))
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
    guesses: Mapped[list[str]] = mapped_column(JSONB, default=list)
    picked: Mapped[str | None] = mapped_column(String(40))
    act_id: Mapped[UUID | None] = mapped_column(ForeignKey("learning_acts.id"))
