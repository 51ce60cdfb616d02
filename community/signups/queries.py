"""Reading sign-ups: a resident's own ones and hours, and the people of a shift for who runs it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.activities.models import Activity, Shift, ShiftPlaces
from community.activities.rights import may_run, runs
from community.actors import StaffActor
from community.errors import NotFound
from community.residents.models import Resident
from community.signups.models import COMING, OPEN, Companion, SignUp, SignUpState
from community.signups.serving import SERVED

_SHOWN = OPEN | {SignUpState.COMPLETED, SignUpState.NO_SHOW}
NO_SHOWS_WITHIN, MOST_NO_SHOWS = timedelta(days=90), 3


@dataclass(frozen=True, slots=True)
class OwnSignUp:
    """A resident's sign-up with its shift and activity; `position` is the place on the waiting list today."""

    sign_up: SignUp
    shift: Shift
    activity: Activity
    places: ShiftPlaces
    position: int | None = None

    @property
    def is_coming(self) -> bool:
        """Whether the resident has a place and has not arrived yet."""
        return self.sign_up.state in COMING

    @property
    def is_offered(self) -> bool:
        """Whether a place is kept for the resident until they answer."""
        return self.sign_up.offered_until is not None

    @property
    def may_take(self) -> bool:
        """Whether whoever waits can have a place now: one that is kept, or one that is free."""
        waits = self.sign_up.state is SignUpState.WAITING
        return self.is_offered or (waits and self.places.free >= self.sign_up.people)


async def find_own_open(
    session: AsyncSession, resident_id: UUID, at: datetime, most: int = 50, after: UUID | None = None
) -> list[OwnSignUp]:
    """What the resident is signed up or waits for and is not over, the next first; `after` the last of a page."""
    conditions = [SignUp.resident_id == resident_id, SignUp.ends_at > at, SignUp.state.in_(OPEN)]
    if after is not None:
        mine = aliased(SignUp)
        last = select(mine.starts_at).where(mine.id == after).scalar_subquery()
        conditions.append(tuple_(SignUp.starts_at, SignUp.id) > tuple_(last, literal(after)))
    return await _own(session, *conditions, newest_first=False, most=most)


async def find_own_past(session: AsyncSession, resident_id: UUID, most: int = 50) -> list[OwnSignUp]:
    """What the resident was at, or missed, the newest first."""
    done = (SignUpState.COMPLETED, SignUpState.NO_SHOW)
    return await _own(
        session, SignUp.resident_id == resident_id, SignUp.state.in_(done), newest_first=True, most=most
    )


async def get_own(session: AsyncSession, resident_id: UUID, sign_up_id: UUID) -> OwnSignUp:
    """One sign-up of the resident; raises NotFound for anybody else's."""
    found = await _own(
        session, SignUp.resident_id == resident_id, SignUp.id == sign_up_id, newest_first=False
    )
    if not found:
        raise NotFound
    return found[0]


async def find_own_in(
    session: AsyncSession, resident_id: UUID, shift_ids: Collection[UUID]
) -> dict[UUID, OwnSignUp]:
    """The resident's open sign-ups among these shifts, by shift."""
    found = await _own(
        session,
        SignUp.resident_id == resident_id,
        SignUp.shift_id.in_(shift_ids),
        SignUp.state.in_(OPEN),
        newest_first=False,
    )
    return {own.shift.id: own for own in found}


@dataclass(frozen=True, slots=True)
class Hours:
    """What a resident has done as a volunteer: minutes and shifts."""

    minutes: int
    shifts: int


async def find_hours(session: AsyncSession, resident_id: UUID) -> Hours:
    """The sum over all shifts at which the resident helped."""
    wanted = select(func.coalesce(func.sum(SignUp.minutes), 0), func.count()).where(
        SignUp.resident_id == resident_id, SERVED
    )
    minutes, shifts = (await session.execute(wanted)).one()
    return Hours(int(minutes or 0), shifts)


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody in a shift, as who runs it sees them; the phone only until the shift is over for them.

    `missed` counts no-shows within 90 days, in what the one who looks may run.
    """

    sign_up: SignUp
    part: str
    name: str | None
    phone: str | None
    companions: Sequence[str]
    missed: int

    @property
    def needs_talk(self) -> bool:
        """Whether staff are asked to talk with them: nobody is shut out by a number."""
        return self.missed >= MOST_NO_SHOWS


async def find_people(session: AsyncSession, actor: StaffActor, shift_id: UUID, at: datetime) -> list[Comer]:
    """Who is in a shift, or was: those with places by their coming, then the waiting list. Raises NotFound.

    Whoever does not come is nobody's business any more.
    """
    shift = await session.get(Shift, shift_id)
    activity = await session.get(Activity, shift.activity_id) if shift else None
    if activity is None or not may_run(actor, activity):
        raise NotFound
    wanted = (
        select(SignUp, ShiftPlaces.part, Resident.name, Resident.phone)
        .join(ShiftPlaces, ShiftPlaces.id == SignUp.places_id)
        .join(Resident, Resident.id == SignUp.resident_id)
        .where(SignUp.shift_id == shift_id, SignUp.state.in_(_SHOWN))
        .order_by(SignUp.number.nulls_first(), SignUp.created_at)
    )
    rows = (await session.execute(wanted)).all()
    relations = await _companions(session, [row[0].id for row in rows])
    missed = await _missed(session, actor, {row[0].resident_id for row in rows}, at)
    return [
        Comer(
            sign_up,
            part.value,
            name,
            phone if sign_up.state in OPEN else None,
            relations.get(sign_up.id, ()),
            missed.get(sign_up.resident_id, 0),
        )
        for sign_up, part, name, phone in rows
    ]


async def _companions(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    if ids:
        for row in await session.scalars(select(Companion).where(Companion.sign_up_id.in_(ids))):
            found.setdefault(row.sign_up_id, []).append(row.relation)
    return found


async def _missed(
    session: AsyncSession, actor: StaffActor, residents: Collection[UUID], at: datetime
) -> dict[UUID, int]:
    wanted = (
        select(SignUp.resident_id, func.count())
        .join(Shift, Shift.id == SignUp.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            runs(actor),
            SignUp.resident_id.in_(residents),
            SignUp.state == SignUpState.NO_SHOW,
            SignUp.starts_at > at - NO_SHOWS_WITHIN,
        )
        .group_by(SignUp.resident_id)
    )
    return {row[0]: row[1] for row in await session.execute(wanted)}


async def _own(
    session: AsyncSession, *conditions: ColumnElement[bool], newest_first: bool, most: int = 50
) -> list[OwnSignUp]:
    order = SignUp.starts_at.desc() if newest_first else SignUp.starts_at
    wanted = (
        select(SignUp, Shift, Activity, ShiftPlaces)
        .join(Shift, Shift.id == SignUp.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .join(ShiftPlaces, ShiftPlaces.id == SignUp.places_id)
        .where(*conditions)
        .order_by(order, SignUp.id)
        .limit(most)
    )
    rows = (await session.execute(wanted)).all()
    return [OwnSignUp(*row, position=await find_position(session, row[0])) for row in rows]


async def find_position(session: AsyncSession, sign_up: SignUp) -> int | None:
    """How many wait in front, and oneself; None for whoever does not wait."""
    if sign_up.state is not SignUpState.WAITING:
        return None
    before = select(func.count()).where(
        SignUp.places_id == sign_up.places_id,
        SignUp.state == SignUpState.WAITING,
        SignUp.number < sign_up.number,
    )
    return int(await session.scalar(before) or 0) + 1
