"""Activities 活动 with their shifts 班次 and the places in them, and who wants to hear of which kind.

Next: community/signups, which fills the places.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId, closed_list

DAY_MINUTES = 24 * 60


class ActivityState(StrEnum):
    """draft -> published -> cancelled; a draft may be cancelled too."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Part(StrEnum):
    """How one joins: to take part, or to help."""

    VOLUNTEER = "volunteer"
    PARTICIPANT = "participant"


class Activity(Base):
    """What staff plan: its shifts share everything but their time. The texts are the organiser's, for everybody.

    `rule` repeats the dates (RFC 5545, only what community/activities/repeating.py makes). `building_id`,
    `qualification` and `team_id` narrow who may join. Minutes count back from a shift's beginning.
    """

    __tablename__ = "activities"
    __table_args__ = (
        Index("ix_activities_community_id_state_created_at", "community_id", "state", "created_at"),
        Index("ix_activities_party_id", "party_id"),
    )

    id: Mapped[RandomId]
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    planned_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    request_id: Mapped[UUID | None] = mapped_column(unique=True)
    state: Mapped[ActivityState] = mapped_column(closed_list(ActivityState), default=ActivityState.DRAFT)
    kind: Mapped[str] = mapped_column(String(40))
    title_zh: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    where_zh: Mapped[str] = mapped_column(Text)
    where_en: Mapped[str | None] = mapped_column(Text)
    bring: Mapped[str | None] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)
    rule: Mapped[str | None] = mapped_column(Text)
    building_id: Mapped[UUID | None] = mapped_column(ForeignKey("places.id"))
    qualification: Mapped[str | None] = mapped_column(String(40))
    minimum_age: Mapped[int | None] = mapped_column(SmallInteger)
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("teams.id"))
    photo_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id"))
    opens_minutes: Mapped[int | None] = mapped_column(Integer)
    closes_minutes: Mapped[int] = mapped_column(Integer, default=60)
    cancel_minutes: Mapped[int] = mapped_column(Integer, default=12 * 60)
    confirm_minutes: Mapped[int] = mapped_column(Integer, default=DAY_MINUTES)
    remind_minutes: Mapped[int] = mapped_column(Integer, default=120)
    warn_days: Mapped[int] = mapped_column(SmallInteger, default=3)
    created_at: Mapped[CreatedAt]
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def title(self) -> dict[str, str]:
        """The title in both languages; Chinese where there is no English one."""
        return {"zh": self.title_zh, "en": self.title_en or self.title_zh}

    @property
    def where(self) -> dict[str, str]:
        """Where one meets, in both languages."""
        return {"zh": self.where_zh, "en": self.where_en or self.where_zh}


class Shift(Base):
    """One date of an activity. `secret` makes the code at the door; `ended_at` is when its end was written up."""

    __tablename__ = "shifts"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="lasts"),
        Index(
            "uq_shifts_standing",
            "activity_id",
            "starts_at",
            unique=True,
            postgresql_where="cancelled_at IS NULL",
        ),
        Index("ix_shifts_community_id_starts_at", "community_id", "starts_at"),
        Index("ix_shifts_unended", "ends_at", postgresql_where="ended_at IS NULL AND cancelled_at IS NULL"),
    )

    id: Mapped[RandomId]
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"))
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    moves: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    cancelled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.ends_at - self.starts_at


def opening_of(activity: Activity, shift: Shift) -> datetime | None:
    """When sign-up for the shift opens, None where it is open from the publishing on."""
    if activity.opens_minutes is None:
        return None
    return shift.starts_at - timedelta(minutes=activity.opens_minutes)


class ShiftPlaces(Base):
    """The places of one part in a shift, counted here: whoever takes one holds this row.

    `taken` counts people, places offered to somebody who waits included; `waiting` counts sign-ups on the waiting
    list, `last_number` is the last place number given there.
    """

    __tablename__ = "shift_places"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= places", name="not_over_filled"),
        CheckConstraint("waiting >= 0", name="waiting"),
        UniqueConstraint("shift_id", "part"),
    )

    id: Mapped[RandomId]
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"))
    part: Mapped[Part] = mapped_column(closed_list(Part))
    places: Mapped[int] = mapped_column(Integer)
    taken: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    waiting: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    last_number: Mapped[int] = mapped_column(Integer, default=0, server_default="0")

    @property
    def free(self) -> int:
        """How many places nobody has."""
        return self.places - self.taken


class ActivityHistory(Base):
    """What was done with an activity or one of its shifts: who, when, what, and why. Rows are only added."""

    __tablename__ = "activity_history"
    __table_args__ = (Index("ix_activity_history_activity_id_id", "activity_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"))
    shift_id: Mapped[UUID | None] = mapped_column(ForeignKey("shifts.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    act: Mapped[str] = mapped_column(String(40))
    why: Mapped[str | None] = mapped_column(Text)


class ActivityFollow(Base):
    """A resident who wants to hear of new activities of a kind."""

    __tablename__ = "activity_follows"
    __table_args__ = (
        PrimaryKeyConstraint("resident_id", "kind"),
        Index("ix_activity_follows_kind", "kind"),
    )

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    kind: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Qualification(Base):
    """What somebody has done or holds, confirmed by staff: a briefing, a licence with its end."""

    __tablename__ = "qualifications"
    __table_args__ = (UniqueConstraint("resident_id", "community_id", "code"),)

    id: Mapped[RandomId]
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    code: Mapped[str] = mapped_column(String(40))
    confirmed_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
