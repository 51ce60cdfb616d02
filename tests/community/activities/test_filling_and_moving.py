"""A place that nobody takes is searched for until staff hear of it, and a shift moves without breaking promises."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select

from community.activities.models import Shift
from community.activities.usecases.copying import copy_activity
from community.errors import Refused, WrongState
from community.outbox.models import OutboxMessage
from community.parties.models import PartyType
from community.signups.models import HELD, SignUp
from community.signups.queries import get_own
from community.signups.usecases.moving import cancel_activity, cancel_shift, move_shift
from community.signups.usecases.waiting import accept_offer
from community.substitutes.models import Search, SearchState
from community.substitutes.usecases import call_for_more, note_answer
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, SATURDAY, get_places, make_plan, meet, publish, told
from tests.community.activities.test_life_of_a_shift import join, leave, make_volunteers, tick

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
COMMITTEE = PartyType.COMMITTEE


async def searches(sessions: Sessions) -> list[SearchState]:
    async with sessions() as session:
        return list(await session.scalars(select(Search.state).order_by(Search.created_at)))


async def test_a_place_that_was_only_offered_is_searched_for(sessions: Sessions, cast: Cast) -> None:
    """Who waits has the first word; where they say none, volunteers are asked."""
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast, make_plan(volunteers=1))
        comes, waits, helps = await meet(sessions, cast, 3)
        await make_volunteers(sessions, cast, [helps])
        place = await join(sessions, comes, shift_id)
        await join(sessions, waits, shift_id)
        await leave(sessions, comes, place)
    assert await searches(sessions) == [], "it is offered"
    await tick(sessions, MONDAY + HOUR)
    await tick(sessions, MONDAY + 21 * HOUR)
    await tick(sessions, MONDAY + 21 * HOUR + MINUTE)
    assert await told(sessions, waits) == ["place_offered", "offer_lapsed"]
    assert await searches(sessions) == [SearchState.RUNNING]
    assert await told(sessions, helps) == ["substitute_ask"]


async def test_an_offer_that_is_refused_is_searched_for(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast, make_plan(volunteers=1))
        comes, waits, last = await meet(sessions, cast, 3)
        ids = [await join(sessions, each, shift_id) for each in (comes, waits, last)]
        await leave(sessions, last, ids[2])
        await leave(sessions, comes, ids[0])
        assert await searches(sessions) == []
        await leave(sessions, waits, ids[1])
    assert await searches(sessions) == [SearchState.RUNNING]


async def test_a_shift_moves_onto_no_other_date(sessions: Sessions, cast: Cast) -> None:
    actor, later = cast.here.staff[COMMITTEE], SATURDAY + 7 * DAY
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast, make_plan(rule="FREQ=WEEKLY;COUNT=2"))
        async with sessions.begin() as session:
            with pytest.raises(Refused, match="plan_taken"):
                await move_shift(session, actor, shift_id, later, later + HOUR)
        async with sessions.begin() as session:
            other = (await session.scalars(select(Shift).where(Shift.id != shift_id))).one()
            await cancel_shift(session, actor, other.id, "")
        async with sessions.begin() as session:
            moved = await move_shift(session, actor, shift_id, later, later + HOUR)
            assert moved.starts_at == other.starts_at, "what is called off blocks nothing"
        async with sessions.begin() as session:
            await cancel_activity(session, actor, moved.activity_id, "")
            await copy_activity(session, actor, moved.activity_id, SATURDAY)


async def test_a_move_says_what_it_collides_with(sessions: Sessions, cast: Cast) -> None:
    owner, later = cast.owner.resident_id, SATURDAY + 4 * HOUR
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast)
        await join(sessions, owner, shift_id)
        await join(sessions, owner, await publish(sessions, cast, make_plan(later, title_zh="巡逻")))
        await join(sessions, cast.neighbour.resident_id, shift_id)
        async with sessions.begin() as session:
            await move_shift(session, cast.here.staff[COMMITTEE], shift_id, later, later + HOUR)
    assert await told(sessions, owner) == await told(sessions, cast.neighbour.resident_id) == ["shift_moved"]
    async with sessions() as session:
        rows = {row.resident_id: row.values for row in await session.scalars(select(OutboxMessage))}
    assert rows[owner]["other"]["zh"] == "巡逻"
    assert rows[cast.neighbour.resident_id]["other"] is None


async def test_nobody_takes_two_offers_of_one_time(sessions: Sessions, cast: Cast) -> None:
    person, *others = await meet(sessions, cast, 3)
    offers = []
    with time_machine.travel(MONDAY):
        for other in others:
            shift_id = await publish(sessions, cast, make_plan(volunteers=1))
            place = await join(sessions, other, shift_id)
            offers.append(await join(sessions, person, shift_id))
            await leave(sessions, other, place)

        async def accept(sign_up_id: UUID) -> None:
            async with sessions.begin() as session:
                await accept_offer(session, person, sign_up_id)
                await asyncio.sleep(0.2)

        outcomes = await asyncio.gather(*(accept(each) for each in offers), return_exceptions=True)
    assert [getattr(each, "message", None) for each in outcomes].count("offer_collides") == 1
    async with sessions() as session:
        wanted = select(SignUp.id).where(SignUp.resident_id == person, SignUp.state.in_(HELD))
        assert len((await session.scalars(wanted)).all()) == 1


async def test_an_offer_ends_before_a_shift_that_was_moved_nearer(sessions: Sessions, cast: Cast) -> None:
    nearer = MONDAY + 3 * HOUR
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast, make_plan(volunteers=1))
        comes, waits = await meet(sessions, cast, 2)
        place = await join(sessions, comes, shift_id)
        offered = await join(sessions, waits, shift_id)
        await leave(sessions, comes, place)
        async with sessions.begin() as session:
            await move_shift(session, cast.here.staff[COMMITTEE], shift_id, nearer, nearer + HOUR)
        async with sessions() as session:
            until = (await session.get_one(SignUp, offered)).offered_until
        assert until is not None
        assert until < nearer
    with time_machine.travel(nearer + MINUTE):
        async with sessions.begin() as session:
            with pytest.raises(WrongState, match="offer_over"):
                await accept_offer(session, waits, offered)


async def test_who_was_asked_for_a_shift_is_not_asked_again(sessions: Sessions, cast: Cast) -> None:
    [person] = await meet(sessions, cast, 1)
    await make_volunteers(sessions, cast, [person])
    actor = cast.here.staff[COMMITTEE]
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast)
        async with sessions.begin() as session:
            await call_for_more(session, actor, shift_id)
    await tick(sessions, MONDAY + MINUTE)
    with time_machine.travel(MONDAY + HOUR):
        async with sessions.begin() as session:
            assert await note_answer(session, person, shift_id, said=False)
    await tick(sessions, MONDAY + 7 * HOUR)
    with time_machine.travel(MONDAY + 8 * HOUR):
        async with sessions.begin() as session:
            await call_for_more(session, actor, shift_id)
    await tick(sessions, MONDAY + 8 * HOUR + MINUTE)
    assert await told(sessions, person) == ["substitute_ask"]
    assert await searches(sessions) == [SearchState.ESCALATED, SearchState.ESCALATED]


async def test_staff_hear_at_night_that_it_is_too_late_to_ask(sessions: Sessions, cast: Cast) -> None:
    """Declined at 22:00 for 8:00: nobody can be asked before it begins."""
    begins = SATURDAY - HOUR
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast, make_plan(begins, volunteers=1))
        place = await join(sessions, cast.owner.resident_id, shift_id)
    with time_machine.travel(begins - 10 * HOUR):
        await leave(sessions, cast.owner.resident_id, place)
    await tick(sessions, begins - 10 * HOUR + MINUTE)
    assert await searches(sessions) == [SearchState.ESCALATED]


async def test_staff_hear_in_the_last_minutes(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        place = await join(sessions, cast.owner.resident_id, await publish(sessions, cast))
    with time_machine.travel(SATURDAY - 30 * MINUTE):
        await leave(sessions, cast.owner.resident_id, place)
    await tick(sessions, SATURDAY - 29 * MINUTE)
    assert await searches(sessions) == [SearchState.ESCALATED]


async def test_who_waits_takes_what_could_not_be_offered(sessions: Sessions, cast: Cast) -> None:
    """Given back at 22:00 for 8:30: too late to offer, and not left to whoever comes by."""
    begins = SATURDAY - 30 * MINUTE
    comes, waits = await meet(sessions, cast, 2)
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast, make_plan(begins, volunteers=1))
        place = await join(sessions, comes, shift_id)
        number = await join(sessions, waits, shift_id)
        async with sessions.begin() as session:
            with pytest.raises(WrongState, match="offer_over"):
                await accept_offer(session, waits, number)
    with time_machine.travel(begins - 630 * MINUTE):
        await leave(sessions, comes, place)
    with time_machine.travel(begins - 90 * MINUTE):
        async with sessions() as session:
            assert (await get_own(session, waits, number)).may_take
        async with sessions.begin() as session:
            await accept_offer(session, waits, number)
    async with sessions() as session:
        places = await get_places(session, shift_id)
        assert (places.taken, places.waiting) == (1, 0)
