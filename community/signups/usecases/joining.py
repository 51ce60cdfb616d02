"""Joining a shift: a place where one is free, else a number on the waiting list; refusals say what one can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, ActivityState, Part, Shift, ShiftPlaces, opening_of
from community.activities.open_to import check_open_to
from community.activities.telling import shift_values
from community.actors import ResidentActor
from community.clock import now
from community.errors import NotFound, Refused, WrongState
from community.residents.models import Resident
from community.signups.models import HELD, OPEN, Companion, SignUp, SignUpState
from community.signups.usecases.reminding import plan_reminders
from community.signups.usecases.steps import Around, Held, lock_around, lock_resident, make_line
from community.substitutes.volunteers import note_volunteer

MOST_COMPANIONS = 9


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody who comes along: what they are to the resident, and for a child whether it is old enough."""

    relation: str
    is_child: bool = False
    old_enough: bool = False


async def join_shift(
    session: AsyncSession,
    resident_id: UUID,
    shift_id: UUID,
    part: Part,
    companions: Sequence[Comer] = (),
    *,
    only_if_free: bool = False,
    message_id: int | None = None,
    request_id: UUID | None = None,
) -> Held:
    """Give the resident with companions their places, or a number on the waiting list in order of arrival.

    A message or form that comes again gives the same sign-up. Raises NotFound for a shift of another community, and
    refuses with the name of what one can do instead: join_over, join_too_early, join_too_late, join_twice,
    join_collides, join_too_young, join_too_many, and those of `check_open_to`; with `only_if_free` join_filled, instead
    of a number.
    """
    resident = await lock_resident(session, resident_id)
    if known := await _find_repeated(session, resident_id, message_id, request_id):
        around = await lock_around(session, known.places_id)
        return Held(known, around.places, around.shift, around.activity, around.zone)
    places_id = await session.scalar(
        select(ShiftPlaces.id).where(ShiftPlaces.shift_id == shift_id, ShiftPlaces.part == part)
    )
    if places_id is None:
        raise NotFound
    around = await lock_around(session, places_id)
    await _check(session, resident, around, companions)
    if only_if_free and around.places.free < 1 + len(companions):
        raise Refused("join_filled", **shift_values(around.activity, around.shift))
    held = _take(session, resident_id, around, companions)
    held.sign_up.message_id, held.sign_up.request_id = message_id, request_id
    await session.flush()
    session.add(make_line(ResidentActor(resident_id), held.sign_up, None, None))
    session.add_all(
        Companion(sign_up_id=held.sign_up.id, relation=each.relation, is_child=each.is_child)
        for each in companions
    )
    if held.sign_up.state is SignUpState.SIGNED_UP:
        await plan_reminders(session, held)
    if part is Part.VOLUNTEER:
        await note_volunteer(session, resident_id, around.shift.community_id)
    return held


async def _find_repeated(
    session: AsyncSession, resident_id: UUID, message_id: int | None, request_id: UUID | None
) -> SignUp | None:
    same = []
    if message_id is not None:
        same.append(SignUp.message_id == message_id)
    if request_id is not None:
        same.append(SignUp.request_id == request_id)
    if not same:
        return None
    wanted = select(SignUp).where(SignUp.resident_id == resident_id, or_(*same))
    found: SignUp | None = await session.scalar(wanted)
    return found


def _take(session: AsyncSession, resident_id: UUID, around: Around, companions: Sequence[Comer]) -> Held:
    """What is free fits nobody who waits, since whatever falls free is offered to them at once."""
    people = 1 + len(companions)
    sign_up = SignUp(
        shift_id=around.shift.id,
        places_id=around.places.id,
        resident_id=resident_id,
        state=SignUpState.SIGNED_UP,
        people=people,
        starts_at=around.shift.starts_at,
        ends_at=around.shift.ends_at,
        created_at=now(),
    )
    if around.places.free >= people:
        around.places.taken += people
    else:
        around.places.last_number += 1
        around.places.waiting += 1
        sign_up.state, sign_up.number = SignUpState.WAITING, around.places.last_number
    session.add(sign_up)
    return Held(sign_up, around.places, around.shift, around.activity, around.zone)


async def _check(
    session: AsyncSession, resident: Resident, around: Around, companions: Sequence[Comer]
) -> None:
    activity, shift, at = around.activity, around.shift, now()
    values = shift_values(activity, shift)
    if activity.state is not ActivityState.PUBLISHED or shift.community_id != resident.community_id:
        raise NotFound
    if shift.cancelled_at is not None or shift.ends_at <= at:
        raise WrongState("join_over", **values)
    opens_at = opening_of(activity, shift)
    if opens_at is not None and opens_at > at:
        raise Refused("join_too_early", opens=opens_at.isoformat(), **values)
    if shift.starts_at - timedelta(minutes=activity.closes_minutes) <= at:
        raise Refused("join_too_late", **values)
    if len(companions) > MOST_COMPANIONS or 1 + len(companions) > around.places.places:
        raise Refused("join_too_many", most=min(MOST_COMPANIONS + 1, around.places.places), **values)
    if activity.minimum_age and any(each.is_child and not each.old_enough for each in companions):
        raise Refused("join_too_young", age=activity.minimum_age, **values)
    await check_open_to(session, resident, activity, shift.starts_at, values)
    await _check_free_then(session, resident.id, shift, values)


async def _check_free_then(
    session: AsyncSession, resident_id: UUID, shift: Shift, values: dict[str, object]
) -> None:
    """Nobody is in one shift twice, or in two places at once; waiting somewhere is no place yet."""
    wanted = (
        select(SignUp, Activity)
        .join(Shift, Shift.id == SignUp.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            SignUp.resident_id == resident_id,
            SignUp.starts_at < shift.ends_at,
            SignUp.ends_at > shift.starts_at,
            SignUp.state.in_(OPEN),
        )
    )
    for other, its_activity in await session.execute(wanted):
        if other.shift_id == shift.id:
            raise WrongState("join_twice", **values)
        if other.state in HELD:
            raise Refused("join_collides", other=its_activity.title, **values)
