"""Joining a shift: places, the waiting list in order of arrival, companions, and every refusal."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import select

from community.activities.models import Part
from community.activities.qualifications import confirm_qualification
from community.clock import now
from community.errors import NotFound, Refused
from community.homes.usecases import confirm_home
from community.parties.models import PartyType
from community.residents.usecases import claim_home
from community.signups.models import SignUp, SignUpState
from community.signups.queries import find_own_open
from community.signups.usecases.joining import Comer, join_shift
from linli.database import Sessions, make_engine, make_sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, SATURDAY, get_places, make_plan, meet, publish, states

HELPING = Part.VOLUNTEER


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=True):
        yield


async def join(sessions: Sessions, resident_id: UUID, shift_id: UUID, *companions: Comer) -> SignUp:
    async with sessions.begin() as session:
        return (await join_shift(session, resident_id, shift_id, HELPING, companions)).sign_up


async def test_places_are_taken_and_then_one_waits_in_order(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast)
    people = await meet(sessions, cast, 4)
    for person in people:
        await join(sessions, person, shift_id)
    assert await states(sessions, shift_id) == ["signed_up", "signed_up", "waiting", "waiting"]
    async with sessions() as session:
        positions = [(await find_own_open(session, each, now()))[0].position for each in people]
        places = await get_places(session, shift_id)
    assert positions == [None, None, 1, 2]
    assert (places.taken, places.waiting) == (2, 2)


async def test_companions_take_places_too(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast, make_plan(volunteers=3))
    one, other, third = await meet(sessions, cast, 3)
    await join(sessions, one, shift_id, Comer("mother"))
    assert (await join(sessions, other, shift_id, Comer("daughter", is_child=True))).number == 1
    assert (await join(sessions, third, shift_id)).state is SignUpState.SIGNED_UP, "one place is still free"


async def test_the_same_message_joins_once(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast)
    for _ in range(2):
        async with sessions.begin() as session:
            await join_shift(session, cast.owner.resident_id, shift_id, HELPING, message_id=7)
    assert await states(sessions, shift_id) == ["signed_up"]


async def refusal(sessions: Sessions, resident_id: UUID, shift_id: UUID, *companions: Comer) -> str:
    with pytest.raises(Refused) as caught:
        await join(sessions, resident_id, shift_id, *companions)
    return caught.value.message


async def test_what_is_refused_says_why(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast, make_plan(minimum_age=12))
    at_once = await publish(sessions, cast, make_plan(SATURDAY + timedelta(hours=1), title_zh="巡逻"))
    owner = cast.owner.resident_id
    assert await refusal(sessions, cast.stranger.resident_id, shift_id) == "not_found"
    assert await refusal(sessions, owner, uuid4()) == "not_found"
    assert await refusal(sessions, owner, shift_id, Comer("son", is_child=True)) == "join_too_young"
    assert await refusal(sessions, owner, shift_id, *[Comer("friend")] * 2) == "join_too_many"
    await join(sessions, owner, shift_id, Comer("son", is_child=True, old_enough=True))
    assert await refusal(sessions, owner, shift_id) == "join_twice"
    assert await refusal(sessions, owner, at_once) == "join_collides"
    with time_machine.travel(SATURDAY - timedelta(minutes=50)):
        assert await refusal(sessions, cast.neighbour.resident_id, shift_id) == "join_too_late"
    with time_machine.travel(SATURDAY + timedelta(hours=3)):
        assert await refusal(sessions, cast.neighbour.resident_id, shift_id) == "join_over"


async def test_whoever_was_asked_to_step_in_is_told_when_it_is_filled(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast, make_plan(volunteers=1))
    await join(sessions, cast.owner.resident_id, shift_id)
    async with sessions.begin() as session:
        with pytest.raises(Refused, match="join_filled"):
            await join_shift(session, cast.neighbour.resident_id, shift_id, HELPING, only_if_free=True)


async def test_a_qualification_has_to_be_confirmed_and_to_hold(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast, make_plan(qualification="急救证"))
    owner, actor = cast.owner.resident_id, cast.here.staff[PartyType.SOCIAL_WORK_TEAM]
    assert await refusal(sessions, owner, shift_id) == "join_not_qualified"
    async with sessions.begin() as session:
        await confirm_qualification(session, actor, owner, "急救证", now() - timedelta(days=1))
    assert await refusal(sessions, owner, shift_id) == "join_not_qualified", "it has run out"
    async with sessions.begin() as session:
        await confirm_qualification(session, actor, owner, "急救证", now() + timedelta(days=300))
    assert (await join(sessions, owner, shift_id)).state is SignUpState.SIGNED_UP


async def test_staff_elsewhere_confirm_nothing_here(sessions: Sessions, cast: Cast) -> None:
    for actor in (cast.there.staff[PartyType.COMMITTEE], cast.street, cast.admin):
        async with sessions.begin() as session:
            with pytest.raises(NotFound):
                await confirm_qualification(session, actor, cast.owner.resident_id, "急救证")


async def test_some_activities_are_for_one_building(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast, make_plan(building_id=cast.here.building.id))
    owner = cast.owner.resident_id
    assert await refusal(sessions, owner, shift_id) == "join_other_building"
    async with sessions.begin() as session:
        await claim_home(session, owner, cast.here.unit.id)
    assert await refusal(sessions, owner, shift_id) == "join_home_claimed"
    async with sessions.begin() as session:
        await confirm_home(session, cast.here.staff[PartyType.COMMITTEE], owner)
    assert (await join(sessions, owner, shift_id)).state is SignUpState.SIGNED_UP


async def test_two_hundred_at_once_on_ten_places(sessions: Sessions, cast: Cast, database_url: str) -> None:
    """Ten are in, 190 wait with numbers from 1 to 190 in the order in which the database took them."""
    shift_id = await publish(sessions, cast, make_plan(volunteers=10))
    people = await meet(sessions, cast, 200)
    engines = [make_engine(database_url, pool=8) for _ in range(4)]
    doors = [make_sessions(engine) for engine in engines]

    room = asyncio.Semaphore(
        4 * 8
    )  # as many as have a connection: a slow machine lets nobody wait for one too long

    async def tap(index: int, person: UUID) -> None:
        async with room, doors[index % 4].begin() as session:
            await join_shift(session, person, shift_id, HELPING)

    await asyncio.gather(*(tap(index, person) for index, person in enumerate(people)))
    for engine in engines:
        await engine.dispose()
    async with sessions() as session:
        rows = (await session.scalars(select(SignUp).order_by(SignUp.created_at))).all()
        places = await get_places(session, shift_id)
    waiting = [row.number for row in rows if row.state is SignUpState.WAITING]
    assert [row.state for row in rows].count(SignUpState.SIGNED_UP) == 10
    assert sorted(filter(None, waiting)) == list(range(1, 191))
    assert (places.taken, places.waiting, places.last_number) == (10, 190, 190)
    assert waiting == sorted(filter(None, waiting)), "numbers follow the order of arrival"
