"""Needs 诉求: what a resident reports, its states with their transitions, and what happened to it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Text,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId, SealedJson, SealedText, closed_list
from community.facts.models import TimeKind


class NeedState(StrEnum):
    """The closed list of states; `TRANSITIONS` says which may follow which.

    From an unended state to closed goes only a need that is merged into another; only `split_need` opens it again.
    """

    REPORTED = "reported"
    ROUTED = "routed"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DECLINED = "declined"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


_OPEN = {NeedState.ROUTED, NeedState.RESOLVED, NeedState.WITHDRAWN}
TRANSITIONS: dict[NeedState, frozenset[NeedState]] = {
    NeedState.REPORTED: frozenset({NeedState.ROUTED, NeedState.WITHDRAWN}),
    NeedState.ROUTED: frozenset(
        {NeedState.ROUTED, NeedState.ACCEPTED, NeedState.DECLINED, NeedState.WITHDRAWN, NeedState.CLOSED}
    ),
    NeedState.ACCEPTED: frozenset(_OPEN | {NeedState.IN_PROGRESS, NeedState.CLOSED}),
    NeedState.IN_PROGRESS: frozenset(_OPEN | {NeedState.CLOSED}),
    NeedState.DECLINED: frozenset({NeedState.ROUTED, NeedState.WITHDRAWN}),
    NeedState.RESOLVED: frozenset({NeedState.CLOSED, NeedState.REOPENED}),
    NeedState.REOPENED: frozenset(
        _OPEN | {NeedState.ACCEPTED, NeedState.IN_PROGRESS, NeedState.DECLINED, NeedState.CLOSED}
    ),
    NeedState.CLOSED: frozenset(),
    NeedState.WITHDRAWN: frozenset(),
}
ENDED = frozenset({NeedState.RESOLVED, NeedState.CLOSED, NeedState.WITHDRAWN})
PAST = frozenset({NeedState.CLOSED, NeedState.WITHDRAWN})
UNENDED = frozenset(NeedState) - ENDED


PAST_STATES = "state IN ('closed', 'withdrawn')"
PAST_ONLY: ColumnElement[bool] = literal_column(f"needs.{PAST_STATES}", Boolean)
"""In the words of its indexes, so that they are used."""


class Urgency(StrEnum):
    """How soon: crisis is counted in minutes and goes to whom the duty roster names."""

    NORMAL = "normal"
    URGENT = "urgent"
    CRISIS = "crisis"


class Visibility(StrEnum):
    """Who may read: the board (without personal data), staff who handle it, or assigned social workers only."""

    PUBLIC = "public"
    PRIVATE = "private"
    CONFIDENTIAL = "confidential"


class ClockMark(StrEnum):
    """What the console shows of a need's clocks: one runs out, or one has."""

    AT_RISK = "at_risk"
    OVERDUE = "overdue"


class EntryKind(StrEnum):
    """What was said about a need: by the resident, by staff to the resident, or by staff among themselves."""

    ADDITION = "addition"
    ANSWER = "answer"
    NOTE = "note"


class CameBy(StrEnum):
    """How a need came: in the chat or on a page from the resident, or told to staff, who filed it."""

    CHAT = "chat"
    PAGE = "page"
    PHONE = "phone"
    VISIT = "visit"
    LETTER = "letter"


class Need(Base):
    """One need with its responsible party and clocks. `message_id` is the inbound message that caused it.

    The due moments and `clock_mark` are those of its running clocks (community/clocks); `waiting_since` is set while
    staff wait for the resident's answer. `happened_…`, `contact_phones` (for this need alone) and `people_…` are what
    the report said; the numbers are blotted out in `words`. `filed_by` filed it for a caller or visitor, with the form
    `request_id`.
    """

    __tablename__ = "needs"
    __table_args__ = (
        Index("ix_needs_lead_party_id_state_created_at", "lead_party_id", "state", "created_at"),
        Index("ix_needs_community_id_state_created_at", "community_id", "state", "created_at"),
        Index("ix_needs_community_id_created_at", "community_id", "created_at"),
        Index("ix_needs_resident_id_created_at", "resident_id", "created_at"),
        Index("ix_needs_assignee_id_state_created_at", "assignee_id", "state", "created_at"),
        Index("ix_needs_past_of_party", "lead_party_id", "created_at", postgresql_where=PAST_STATES),
        Index("ix_needs_past_of_community", "community_id", "created_at", postgresql_where=PAST_STATES),
        Index("ix_needs_past", "created_at", postgresql_where=PAST_STATES),
        Index("ix_needs_marked", "lead_party_id", postgresql_where="clock_mark IS NOT NULL"),
        Index("ix_needs_waiting", "lead_party_id", postgresql_where="waiting_since IS NOT NULL"),
        Index("ix_needs_terms", "terms", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        Index("ix_needs_merged_into", "merged_into", postgresql_where="merged_into IS NOT NULL"),
    )

    id: Mapped[RandomId]
    code: Mapped[str] = mapped_column(String(5), unique=True)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    message_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    came_by: Mapped[CameBy] = mapped_column(
        closed_list(CameBy), default=CameBy.CHAT, server_default=CameBy.CHAT.value
    )
    filed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    request_id: Mapped[UUID | None] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    words: Mapped[str] = mapped_column(SealedText("needs.words"))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"), index=True)
    place_words: Mapped[str | None] = mapped_column(SealedText("needs.place_words"))
    happened_words: Mapped[str | None] = mapped_column(SealedText("needs.happened_words"))
    happened_kind: Mapped[TimeKind | None] = mapped_column(closed_list(TimeKind))
    happened_from: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    happened_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    contact_phones: Mapped[list[str]] = mapped_column(
        SealedJson("needs.contact_phones"), default=list, server_default="[]"
    )
    people_count: Mapped[int | None] = mapped_column(SmallInteger)
    people_words: Mapped[str | None] = mapped_column(SealedText("needs.people_words"))
    terms: Mapped[list[str]] = mapped_column(
        ARRAY(String(8)), default=list, server_default="{}", deferred=True
    )
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    urgency: Mapped[Urgency] = mapped_column(closed_list(Urgency), default=Urgency.NORMAL)
    visibility: Mapped[Visibility] = mapped_column(closed_list(Visibility))
    state: Mapped[NeedState] = mapped_column(closed_list(NeedState), default=NeedState.REPORTED)
    lead_party_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    routing_why: Mapped[str | None] = mapped_column(Text)
    routing_values: Mapped[dict[str, object] | None] = mapped_column(JSONB(none_as_null=True))
    declines: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    rounds: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")
    first_answer_due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    first_answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    solution_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    waiting_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    clock_mark: Mapped[ClockMark | None] = mapped_column(closed_list(ClockMark))
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("needs.id"))
    created_at: Mapped[CreatedAt]
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    resolved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class NeedHistory(Base):
    """One transition: who, when, from, to, why. Exactly one of resident, staff or neither (Linli itself) acted.

    A line with an `event` is no transition: a reminder of a clock, a question, a merge. `details` fill the sentence
    that `event` or `why` names.
    """

    __tablename__ = "need_history"
    __table_args__ = (
        Index("ix_need_history_need_id_id", "need_id", "id"),
        Index(
            "ix_need_history_turns",
            "at",
            postgresql_where="event IS NULL AND to_state IN ('resolved', 'reopened')",
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    resident_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    from_state: Mapped[NeedState | None] = mapped_column(closed_list(NeedState, "from_state"))
    to_state: Mapped[NeedState] = mapped_column(closed_list(NeedState, "to_state"))
    party_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    why: Mapped[str | None] = mapped_column(SealedText("need_history.why"))
    event: Mapped[str | None] = mapped_column(String(40))
    details: Mapped[dict[str, object] | None] = mapped_column(SealedJson("need_history.details"))


class NeedEntry(Base):
    """Words added to a need: the resident's addition, staff's answer, staff's note."""

    __tablename__ = "need_entries"
    __table_args__ = (Index("ix_need_entries_need_id_id", "need_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    kind: Mapped[EntryKind] = mapped_column(closed_list(EntryKind))
    resident_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    message_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    request_id: Mapped[UUID | None] = mapped_column(unique=True)
    words: Mapped[str] = mapped_column(SealedText("need_entries.words"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class NeedFile(Base):
    """A photo that belongs to a need."""

    __tablename__ = "need_files"
    __table_args__ = (PrimaryKeyConstraint("need_id", "file_id"),)

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"), index=True)


class NeedEntryFile(Base):
    """A photo or document that staff put to an answer or a note."""

    __tablename__ = "need_entry_files"
    __table_args__ = (PrimaryKeyConstraint("entry_id", "file_id"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("need_entries.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"), index=True)


class NeedAssignment(Base):
    """Who was assigned to a need; for a confidential one this is who may read it, besides the resident."""

    __tablename__ = "need_assignments"
    __table_args__ = (PrimaryKeyConstraint("need_id", "staff_id"),)

    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    assigned_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class NeedView(Base):
    """Each view of a confidential need by staff. Rows are only added."""

    __tablename__ = "need_views"
    __table_args__ = (
        Index("ix_need_views_need_id_id", "need_id", "id"),
        Index("ix_need_views_at", "at"),
        Index("ix_need_views_staff_id_at", "staff_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    what: Mapped[str] = mapped_column(String(40))
    allowed: Mapped[bool] = mapped_column(Boolean, default=True)


class NeedSeen(Base):
    """When a staff member last looked at a need: what changed after that is new to them."""

    __tablename__ = "need_seen"
    __table_args__ = (PrimaryKeyConstraint("staff_id", "need_id"),)

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    need_id: Mapped[UUID] = mapped_column(ForeignKey("needs.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
