"""Notices: what the committee tells the people of a community, or the street office all of them.

Written and approved in community/notices/usecases; expanded to one row a person, in `notice_recipients`, when they go
out.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Connection,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    event,
    false,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from community.base import Base, CreatedAt, RandomId, SealedText, closed_list
from community.notices.kinds import EMERGENCY
from community.notices.spelling import keep_words
from community.notices.terms import make_notice_terms, words_among


class NoticeState(StrEnum):
    """From the draft to the last message out: draft -> submitted -> approved -> sending -> sent; cancelled."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"


class NoticeUrgency(StrEnum):
    """How much it hurries. Urgent ones go before all other notices; a normal one as its category says."""

    NORMAL = "normal"
    URGENT = "urgent"


class Scope(StrEnum):
    """For whom a notice can be at most: the people of one community, or of all communities of the street."""

    COMMUNITY = "community"
    STREET = "street"


class RecipientState(StrEnum):
    """What became of the notice for one person: queued -> sent | waiting (for their next contact) | failed; or
    suppressed from the start, with the reason."""

    QUEUED = "queued"
    SENT = "sent"
    WAITING = "waiting"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


class ConfirmedBy(StrEnum):
    """Who said that the person knows of it: they themselves, or staff who were at the door."""

    RESIDENT = "resident"
    STAFF = "staff"


class Notice(Base):
    """A notice 通知 in both languages; English may be missing and falls back to Chinese.

    It belongs to a community or, with `street_id`, to the whole street. The texts hold a few marks
    (community/notices/marks.py). `audience` is read by community/notices/audiences.py. `send_at` None is: as soon as
    it is approved. `repeat` is a rule (RFC 5545) by which the first of a series goes out again: each time is a notice
    of its own that names the first as `series_id`. `help_button` offers help with it, which opens a need;
    `activity_id` is the activity that a button leads to. `version` counts what was changed in the draft.
    """

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("num_nonnulls(community_id, street_id) = 1", name="scope"),
        CheckConstraint("valid_until > valid_from", name="valid"),
        UniqueConstraint("series_id", "send_at"),
        Index("ix_notices_community_id_valid_from", "community_id", "valid_from"),
        Index("ix_notices_street_id_valid_from", "street_id", "valid_from"),
        Index("ix_notices_open", "send_at", postgresql_where="state IN ('approved', 'sending')"),
        Index("ix_notices_terms", "terms", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    )

    id: Mapped[RandomId]
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey("communities.id"))
    street_id: Mapped[UUID | None] = mapped_column(ForeignKey("streets.id"))
    request_id: Mapped[UUID | None] = mapped_column(unique=True)
    category: Mapped[str] = mapped_column(String(40))
    urgency: Mapped[NoticeUrgency] = mapped_column(
        closed_list(NoticeUrgency), default=NoticeUrgency.NORMAL, server_default=NoticeUrgency.NORMAL.value
    )
    state: Mapped[NoticeState] = mapped_column(closed_list(NoticeState), default=NoticeState.DRAFT)
    title_zh: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str | None] = mapped_column(Text)
    text_zh: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str | None] = mapped_column(Text)
    public: Mapped[bool] = mapped_column(Boolean, default=True)
    need_receipt: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    help_button: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activities.id"))
    image_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id"), index=True)
    audience: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    valid_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    valid_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    send_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    repeat: Mapped[str | None] = mapped_column(Text)
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("notices.id"))
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    approved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sent_as_emergency: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    terms: Mapped[list[str]] = mapped_column(ARRAY(String(40)), default=list, server_default="{}")
    created_at: Mapped[CreatedAt]

    @property
    def scope(self) -> Scope:
        """Whether it is for one community or the whole street."""
        return Scope.STREET if self.street_id else Scope.COMMUNITY

    @property
    def is_emergency(self) -> bool:
        """Whether it goes out at night as well, and to who paused."""
        return self.category == EMERGENCY

    @property
    def title(self) -> dict[str, str]:
        """The title in both languages; Chinese where there is no English one."""
        return {"zh": self.title_zh, "en": self.title_en or self.title_zh}

    @property
    def text(self) -> dict[str, str]:
        """The text with its marks in both languages; Chinese where there is no English one."""
        return {"zh": self.text_zh, "en": self.text_en or self.text_zh}


class NoticeFile(Base):
    """A document or photo that goes with a notice, in the order of `position`."""

    __tablename__ = "notice_files"
    __table_args__ = (PrimaryKeyConstraint("notice_id", "file_id"),)

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"), index=True)
    position: Mapped[int] = mapped_column(SmallInteger)


class NoticeRecipient(Base):
    """One person of a notice's audience: a row is made once, when it goes out or when they move in while it is valid.

    `outbox_id` is the message that carries it, one for several notices where they were put together. It has no
    foreign key, as messages are forgotten earlier. `door_told_at` and `door_told_by` say when who of staff told it at
    the door.
    """

    __tablename__ = "notice_recipients"
    __table_args__ = (
        PrimaryKeyConstraint("notice_id", "resident_id"),
        Index("ix_notice_recipients_resident_id", "resident_id"),
    )

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    state: Mapped[RecipientState] = mapped_column(closed_list(RecipientState), default=RecipientState.QUEUED)
    reason: Mapped[str | None] = mapped_column(String(40))
    channel: Mapped[str | None] = mapped_column(String(20))
    outbox_id: Mapped[UUID | None]
    queued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    confirmed_by: Mapped[ConfirmedBy | None] = mapped_column(closed_list(ConfirmedBy))
    door_told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    door_told_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))


class NoticeAct(StrEnum):
    """What was done with a notice."""

    DRAFTED = "drafted"
    COPIED = "copied"
    EDITED = "edited"
    SUBMITTED = "submitted"
    TAKEN_BACK = "taken_back"
    REJECTED = "rejected"
    APPROVED = "approved"
    SENT_AS_EMERGENCY = "sent_as_emergency"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"


class NoticeHistory(Base):
    """What was done with a notice: who (None: Linli), when, what, and their words. Rows are only added."""

    __tablename__ = "notice_history"
    __table_args__ = (Index("ix_notice_history_notice_id_id", "notice_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    act: Mapped[NoticeAct] = mapped_column(closed_list(NoticeAct))
    from_state: Mapped[NoticeState | None] = mapped_column(closed_list(NoticeState, "from_state"))
    to_state: Mapped[NoticeState] = mapped_column(closed_list(NoticeState, "to_state"))
    words: Mapped[str | None] = mapped_column(SealedText("notice_history.words"))


class NoticeTemplate(Base):
    """A standing notice of a community, or of the street, with {fields}; those that everybody has are data
    (community/notices/standing.py)."""

    __tablename__ = "notice_templates"
    __table_args__ = (
        CheckConstraint("num_nonnulls(community_id, street_id) = 1", name="scope"),
        Index("ix_notice_templates_community_id", "community_id"),
    )

    id: Mapped[RandomId]
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey("communities.id"))
    street_id: Mapped[UUID | None] = mapped_column(ForeignKey("streets.id"))
    category: Mapped[str] = mapped_column(String(40))
    title_zh: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str | None] = mapped_column(Text)
    text_zh: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str | None] = mapped_column(Text)
    need_receipt: Mapped[bool] = mapped_column(Boolean, default=False)
    help_button: Mapped[bool] = mapped_column(Boolean, default=False)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[CreatedAt]
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SavedAudience(Base):
    """An audience that a committee, or the street office, keeps under a name of its own."""

    __tablename__ = "saved_audiences"
    __table_args__ = (
        CheckConstraint("num_nonnulls(community_id, street_id) = 1", name="scope"),
        UniqueConstraint("community_id", "street_id", "name", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[RandomId]
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey("communities.id"))
    street_id: Mapped[UUID | None] = mapped_column(ForeignKey("streets.id"))
    name: Mapped[str] = mapped_column(String(40))
    audience: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[CreatedAt]


@event.listens_for(Notice, "before_insert")
@event.listens_for(Notice, "before_update")
def _keep_terms(_: Mapper[Notice], connection: Connection, notice: Notice) -> None:
    """The terms by which a notice is found go with its texts, whoever writes it."""
    texts = [getattr(notice, name) for name in ("title_zh", "title_en", "text_zh", "text_en")]
    terms = make_notice_terms(texts)
    if terms != notice.terms:
        notice.terms = terms
        keep_words(connection, words_among(terms))
