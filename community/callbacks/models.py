"""Call-backs 再回访: the task of talking to a resident, given to somebody who did not handle the need."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, DateTime, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, RandomId, SealedText, closed_list


class CallBackWhy(StrEnum):
    """A score of one or two, or a survey that could not be asked in writing."""

    LOW_SCORE = "low_score"
    NOT_WRITTEN = "not_written"


class CallBackState(StrEnum):
    """open -> done | reopened (the need) | not_reached; cancelled when the score was corrected before a call."""

    OPEN = "open"
    DONE = "done"
    REOPENED = "reopened"
    NOT_REACHED = "not_reached"
    CANCELLED = "cancelled"


class CallBack(Base):
    """One call-back of one survey. `staff_id` is who is to call; None while nobody fits who is there.

    It is due at `due_at`; `next_at` is what the worker looks at: when it is late, or when somebody is looked for
    again. `with_leader` is set when it was late or three tries reached nobody. `words` say what came out.
    """

    __tablename__ = "call_backs"
    __table_args__ = (
        CheckConstraint("staff_id IS NOT NULL OR state <> 'done'", name="somebody_called"),
        Index("ix_call_backs_next_at", "next_at", postgresql_where="next_at IS NOT NULL"),
        Index("ix_call_backs_open_staff_id", "staff_id", postgresql_where="state = 'open'"),
        Index("ix_call_backs_open_party_id", "party_id", postgresql_where="state = 'open'"),
        Index("ix_call_backs_need_id", "need_id"),
    )

    id: Mapped[RandomId]
    survey_id: Mapped[UUID] = mapped_column(ForeignKey("surveys.id"), unique=True)
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    why: Mapped[CallBackWhy] = mapped_column(closed_list(CallBackWhy))
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[CallBackState] = mapped_column(closed_list(CallBackState), default=CallBackState.OPEN)
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    next_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    with_leader: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    tries: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    words: Mapped[str | None] = mapped_column(SealedText("call_backs.words"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
