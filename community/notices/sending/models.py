"""Where the sending of a notice stands, in a row, so that it goes on after a crash; and what waits for a digest."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, DateTime, ForeignKey, Index, PrimaryKeyConstraint, SmallInteger, false
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base
from community.notices.models import NoticeRecipient


class NoticeSending(Base):
    """The way of one notice through its audience, in the order of the ids of residents.

    `cursor` is the last one that the pass under way has reached; a pass begins with None. `expanded_at` is when the
    first pass was complete, `next_look_at` when the next one looks for who moved in; both None while one is under way
    for the first time. `followed` is the last recipient whose message was looked at, `followed_at` when the notice had
    its last turn. `reminders` counts the reminders to who has not confirmed; while `reminding`, `reminder_cursor` is
    where the newest of them stands. `over_at` is when nothing is left to be done.
    """

    __tablename__ = "notice_sendings"
    __table_args__ = (Index("ix_notice_sendings_open", "notice_id", postgresql_where="over_at IS NULL"),)

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    cursor: Mapped[UUID | None]
    expanded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    next_look_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    followed: Mapped[UUID | None]
    followed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reminders: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    reminded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reminding: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    reminder_cursor: Mapped[UUID | None]
    over_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class DigestItem(Base):
    """A notice that a person gets together with others, at `due_at`, because they had enough of them that day."""

    __tablename__ = "notice_digest_items"
    __table_args__ = (
        PrimaryKeyConstraint("resident_id", "notice_id"),
        Index("ix_notice_digest_items_due_at", "due_at"),
        Index("ix_notice_digest_items_notice_id", "notice_id"),
    )

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


# What became of these is still open: they are looked at again and again, all others never (following.py).
Index(
    "ix_notice_recipients_under_way",
    NoticeRecipient.notice_id,
    NoticeRecipient.resident_id,
    postgresql_where="state IN ('queued', 'waiting', 'failed')",
)
