"""Sign-ups 报名 with their states and history, who comes along, and the reminders that are due."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from community.base import Base, CreatedAt, RandomId, SealedText, closed_list


class SignUpState(StrEnum):
    """The closed list of states; `TRANSITIONS` says which may follow which.

    From confirmed back to signed up goes a sign-up whose shift was moved: it is asked again. Whoever has arrived leaves
    only where the shift is called off at the last minute.
    """

    WAITING = "waiting"
    SIGNED_UP = "signed_up"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    NO_SHOW = "no_show"


_LEAVES = {SignUpState.CANCELLED, SignUpState.DECLINED}
_COMES = {SignUpState.CHECKED_IN, SignUpState.NO_SHOW}
TRANSITIONS: dict[SignUpState, frozenset[SignUpState]] = {
    SignUpState.WAITING: frozenset({SignUpState.SIGNED_UP, *_LEAVES}),
    SignUpState.SIGNED_UP: frozenset({SignUpState.CONFIRMED, *_COMES, *_LEAVES}),
    SignUpState.CONFIRMED: frozenset({SignUpState.SIGNED_UP, *_COMES, *_LEAVES}),
    SignUpState.CHECKED_IN: frozenset({SignUpState.COMPLETED, SignUpState.CANCELLED}),
    SignUpState.NO_SHOW: frozenset({SignUpState.COMPLETED}),
    SignUpState.COMPLETED: frozenset(),
    SignUpState.CANCELLED: frozenset(),
    SignUpState.DECLINED: frozenset(),
}
COMING = frozenset({SignUpState.SIGNED_UP, SignUpState.CONFIRMED})
HELD = COMING | {SignUpState.CHECKED_IN}
OPEN = HELD | {SignUpState.WAITING}
_OPEN_STATES = "state IN ('waiting', 'signed_up', 'confirmed', 'checked_in')"


class SignUp(Base):
    """A resident's place in a shift, or on its waiting list; with companions it holds `people` places.

    `number` is the place on the waiting list in order of arrival. `offered_until` is set while a place that fell free
    is kept for it. `starts_at` and `ends_at` are those of the shift, for collisions. `minutes` are the hours done;
    `score` and `remark` say how it was. `team_id` is set where a leader signed the team up.
    """

    __tablename__ = "sign_ups"
    __table_args__ = (
        CheckConstraint("people >= 1", name="people"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        Index("uq_sign_ups_open", "shift_id", "resident_id", unique=True, postgresql_where=_OPEN_STATES),
        Index("ix_sign_ups_places_id_number", "places_id", "number", postgresql_where="state = 'waiting'"),
        Index("ix_sign_ups_shift_id_state", "shift_id", "state"),
        Index("ix_sign_ups_resident_id_starts_at", "resident_id", "starts_at"),
        Index("ix_sign_ups_offered_until", "offered_until", postgresql_where="offered_until IS NOT NULL"),
    )

    id: Mapped[RandomId]
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"))
    places_id: Mapped[UUID] = mapped_column(ForeignKey("shift_places.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    message_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    request_id: Mapped[UUID | None] = mapped_column(unique=True)
    state: Mapped[SignUpState] = mapped_column(closed_list(SignUpState))
    people: Mapped[int] = mapped_column(SmallInteger, default=1)
    number: Mapped[int | None] = mapped_column(Integer)
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[CreatedAt]
    offered_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    checked_in_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    checked_out_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    minutes: Mapped[int | None] = mapped_column(Integer)
    score: Mapped[int | None] = mapped_column(SmallInteger)
    remark: Mapped[str | None] = mapped_column(SealedText("sign_ups.remark"))
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("teams.id"))


class Companion(Base):
    """Somebody who comes along: what they are to the resident ("mother"), and whether they are old enough."""

    __tablename__ = "sign_up_companions"
    __table_args__ = (Index("ix_sign_up_companions_sign_up_id", "sign_up_id"),)

    id: Mapped[RandomId]
    sign_up_id: Mapped[UUID] = mapped_column(ForeignKey("sign_ups.id"))
    relation: Mapped[str] = mapped_column(String(20))
    is_child: Mapped[bool] = mapped_column(Boolean, default=False)


class SignUpHistory(Base):
    """One transition: who, when, from, to, why. Neither resident nor staff means Linli itself. Rows are only added."""

    __tablename__ = "sign_up_history"
    __table_args__ = (Index("ix_sign_up_history_sign_up_id_id", "sign_up_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    sign_up_id: Mapped[UUID] = mapped_column(ForeignKey("sign_ups.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    resident_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    from_state: Mapped[SignUpState | None] = mapped_column(closed_list(SignUpState, "from_state"))
    to_state: Mapped[SignUpState] = mapped_column(closed_list(SignUpState, "to_state"))
    why: Mapped[str | None] = mapped_column(SealedText("sign_up_history.why"))


class ReminderName(StrEnum):
    """The day before, which asks; and shortly before, which says where, whom and what to bring."""

    CONFIRM = "confirm"
    SOON = "soon"


class ReminderState(StrEnum):
    """due -> sent, late (no longer of use when its time came) or dropped (the person is not coming)."""

    DUE = "due"
    SENT = "sent"
    LATE = "late"
    DROPPED = "dropped"


class ShiftReminder(Base):
    """One reminder of one sign-up; a moved shift has a next `round`. It is of use until `useful_until`."""

    __tablename__ = "shift_reminders"
    __table_args__ = (
        UniqueConstraint("sign_up_id", "name", "round"),
        Index("ix_shift_reminders_due_at", "due_at", postgresql_where="state = 'due'"),
    )

    id: Mapped[RandomId]
    sign_up_id: Mapped[UUID] = mapped_column(ForeignKey("sign_ups.id"))
    name: Mapped[ReminderName] = mapped_column(closed_list(ReminderName))
    round: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[ReminderState] = mapped_column(closed_list(ReminderState), default=ReminderState.DUE)
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    useful_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ReminderWish(Base):
    """How long before a shift a resident wants to be asked, and reminded, in minutes; None as the activity has it."""

    __tablename__ = "reminder_wishes"

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    confirm_minutes: Mapped[int | None] = mapped_column(Integer)
    remind_minutes: Mapped[int | None] = mapped_column(Integer)
