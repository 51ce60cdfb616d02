"""Who comes along is changed after signing up: fewer give their places back, more come where there are places."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.telling import shift_values
from community.actors import ResidentActor
from community.clock import now
from community.errors import Refused, WrongState
from community.signups.models import COMING, Companion, SignUpState
from community.signups.usecases.joining import MOST_COMPANIONS, Comer
from community.signups.usecases.steps import Around, Held, hold_own, make_line
from community.signups.usecases.waiting import fill_places


async def bring(
    session: AsyncSession, resident_id: UUID, sign_up_id: UUID, companions: Sequence[Comer]
) -> Held:
    """Change who comes along; the own place, or the number on the waiting list, stays.

    Saying the same again changes nothing. Refuses with join_too_many, join_too_young, or bring_full where there are
    not as many places; raises WrongState("sign_up_over") once the shift has begun or the person has a place kept.
    """
    held = await hold_own(session, resident_id, sign_up_id)
    sign_up, people = held.sign_up, 1 + len(companions)
    waits = sign_up.state is SignUpState.WAITING and sign_up.offered_until is None
    if held.shift.starts_at <= now() or not (waits or sign_up.state in COMING):
        raise WrongState("sign_up_over", state=sign_up.state.value)
    _check(held, companions, more=0 if waits else people - sign_up.people)
    await session.execute(delete(Companion).where(Companion.sign_up_id == sign_up.id))
    session.add_all(
        Companion(sign_up_id=sign_up.id, relation=each.relation, is_child=each.is_child)
        for each in companions
    )
    if people != sign_up.people:
        await _count(session, held, people, waits=waits)
    return held


def _check(held: Held, companions: Sequence[Comer], *, more: int) -> None:
    values = shift_values(held.activity, held.shift)
    if len(companions) > MOST_COMPANIONS or 1 + len(companions) > held.places.places:
        raise Refused("join_too_many", most=min(MOST_COMPANIONS + 1, held.places.places), **values)
    age = held.activity.minimum_age
    if age and any(each.is_child and not each.old_enough for each in companions):
        raise Refused("join_too_young", age=age, **values)
    if more > held.places.free:
        raise Refused("bring_full", free=held.places.free, **values)


async def _count(session: AsyncSession, held: Held, people: int, *, waits: bool) -> None:
    """Take or give back the places of those who come along; who waits for them is asked."""
    sign_up, fewer = held.sign_up, held.sign_up.people - people
    sign_up.people = people
    why = f"{people} people"
    session.add(make_line(ResidentActor(sign_up.resident_id), sign_up, sign_up.state, why))
    held.places.taken -= 0 if waits else fewer
    await session.flush()
    if fewer > 0:
        await fill_places(session, Around(held.places, held.shift, held.activity, held.zone), now())
