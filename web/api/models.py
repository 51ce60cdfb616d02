"""What the API takes and gives, typed: names in both languages, moments in UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from community.activities.models import Part
from community.activities.queries import ShiftLine
from community.notices.marks import plain_words
from community.notices.models import Notice, NoticeRecipient
from community.signups.models import SignUpState
from community.signups.queries import OwnSignUp
from community.signups.usecases.joining import MOST_COMPANIONS

Names = dict[str, str]
Many = Annotated[int, Field(ge=0, le=MOST_COMPANIONS)]


class Places(BaseModel):
    """The places of one part: how many there are, how many are taken, and how many sign-ups wait."""

    part: Part
    places: int
    taken: int
    waiting: int


class ShiftOut(BaseModel):
    """A shift that one may join."""

    id: UUID
    kind: str
    title: Names
    words: str
    where: Names
    contact: str
    bring: str | None
    minimum_age: int | None
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    places: list[Places]


class JoinIn(BaseModel):
    """As what one joins, and who comes along. `request_id` is made by the caller: sent twice it joins once."""

    request_id: UUID
    part: Part = Part.VOLUNTEER
    adults: Many = 0
    children: Many = 0
    old_enough: bool = False


class SignUpOut(BaseModel):
    """An own sign-up; `position` is the place on the waiting list, `offered_until` until when a place is kept."""

    id: UUID
    shift_id: UUID
    title: Names
    starts_at: datetime
    ends_at: datetime
    state: SignUpState
    people: int
    position: int | None
    offered_until: datetime | None


class NoticeOut(BaseModel):
    """A notice that one may read; `confirmed` is None where it was not sent to the person, or asks for no receipt."""

    id: UUID
    category: str
    title: Names
    text: Names
    public: bool
    valid_from: datetime
    valid_until: datetime
    confirmed: bool | None


def notice_out(notice: Notice, receipt: NoticeRecipient | None) -> NoticeOut:
    """A notice as the API gives it, its texts without marks."""
    asked = notice.need_receipt and receipt is not None
    return NoticeOut(
        id=notice.id,
        category=notice.category,
        title=notice.title,
        text={language: plain_words(text) for language, text in notice.text.items()},
        public=notice.public,
        valid_from=notice.valid_from,
        valid_until=notice.valid_until,
        confirmed=receipt.confirmed_at is not None if asked and receipt else None,
    )


def shift_out(line: ShiftLine) -> ShiftOut:
    """A shift as the API gives it."""
    activity, shift = line.activity, line.shift
    return ShiftOut(
        id=shift.id,
        kind=activity.kind,
        title=activity.title,
        words=activity.words,
        where=activity.where,
        contact=activity.contact,
        bring=activity.bring,
        minimum_age=activity.minimum_age,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        cancelled=shift.cancelled_at is not None,
        places=[
            Places(part=each.part, places=each.places, taken=each.taken, waiting=each.waiting)
            for each in line.places
        ],
    )


def sign_up_out(own: OwnSignUp) -> SignUpOut:
    """A sign-up as the API gives it."""
    return SignUpOut(
        id=own.sign_up.id,
        shift_id=own.shift.id,
        title=own.activity.title,
        starts_at=own.shift.starts_at,
        ends_at=own.shift.ends_at,
        state=own.sign_up.state,
        people=own.sign_up.people,
        position=own.position,
        offered_until=own.sign_up.offered_until,
    )
