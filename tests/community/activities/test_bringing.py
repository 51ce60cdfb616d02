"""Who comes along, changed after signing up: places are given back and taken, and the own one stays."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select

from community.activities.models import Part
from community.errors import NotFound, Refused, WrongState
from community.signups.models import Companion
from community.signups.usecases.answering import leave_sign_up
from community.signups.usecases.bringing import bring
from community.signups.usecases.joining import Comer, join_shift
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, get_places, make_plan, meet, publish, states, told

MOTHER, SON = Comer("mother"), Comer("son", is_child=True, old_enough=True)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=True):
        yield


async def _join(sessions: Sessions, resident_id: UUID, shift_id: UUID, *comers: Comer) -> UUID:
    async with sessions.begin() as session:
        return (await join_shift(session, resident_id, shift_id, Part.VOLUNTEER, comers)).sign_up.id


async def _taken(sessions: Sessions, shift_id: UUID) -> int:
    async with sessions() as session:
        return (await get_places(session, shift_id)).taken


async def test_a_place_that_nobody_needs_goes_to_who_waits(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast)
    sign_up_id = await _join(sessions, cast.owner.resident_id, shift_id, MOTHER)
    [waits] = await meet(sessions, cast, 1)
    await _join(sessions, waits, shift_id)
    assert await states(sessions, shift_id) == ["signed_up", "waiting"]
    async with sessions.begin() as session:
        held = await bring(session, cast.owner.resident_id, sign_up_id, ())
        assert held.sign_up.people == 1
    assert "place_offered" in await told(sessions, waits)
    assert await _taken(sessions, shift_id) == 2, "one is kept for who waits"
    async with sessions() as session:
        assert not (await session.scalars(select(Companion))).all()


async def test_more_come_where_there_are_places(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast, make_plan(volunteers=3))
    sign_up_id = await _join(sessions, cast.owner.resident_id, shift_id)
    for _ in range(2):  # again changes nothing
        async with sessions.begin() as session:
            await bring(session, cast.owner.resident_id, sign_up_id, (MOTHER, SON))
        assert await _taken(sessions, shift_id) == 3
    async with sessions.begin() as session:
        await bring(session, cast.owner.resident_id, sign_up_id, (SON,))
    await _join(sessions, cast.neighbour.resident_id, shift_id)
    async with sessions.begin() as session:
        with pytest.raises(Refused) as refused:
            await bring(session, cast.owner.resident_id, sign_up_id, (SON, MOTHER))
    assert refused.value.message == "bring_full"
    assert await _taken(sessions, shift_id) == 3


async def test_the_rules_of_joining_hold(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast, make_plan(volunteers=3, minimum_age=12))
    sign_up_id = await _join(sessions, cast.owner.resident_id, shift_id)
    for comers, message in (
        ((Comer("son", is_child=True),), "join_too_young"),
        ((MOTHER,) * 3, "join_too_many"),
    ):
        async with sessions.begin() as session:
            with pytest.raises(Refused) as refused:
                await bring(session, cast.owner.resident_id, sign_up_id, comers)
        assert refused.value.message == message
    async with sessions.begin() as session:
        with pytest.raises(NotFound):
            await bring(session, cast.neighbour.resident_id, sign_up_id, ())
        await leave_sign_up(session, cast.owner.resident_id, sign_up_id)
        with pytest.raises(WrongState):
            await bring(session, cast.owner.resident_id, sign_up_id, ())


async def test_fewer_on_the_waiting_list_keep_its_number(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast, make_plan(volunteers=2))
    await _join(sessions, cast.neighbour.resident_id, shift_id)
    sign_up_id = await _join(sessions, cast.owner.resident_id, shift_id, MOTHER)
    assert await states(sessions, shift_id) == ["signed_up", "waiting"]
    async with sessions.begin() as session:
        held = await bring(session, cast.owner.resident_id, sign_up_id, ())
        assert held.sign_up.number == 1
    assert "place_offered" in await told(sessions, cast.owner.resident_id)
    assert await _taken(sessions, shift_id) == 2
