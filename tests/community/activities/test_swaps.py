"""Swaps of two volunteers: both agree, both places change at once, and whatever came in between is respected."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select

from community.activities.models import Shift
from community.errors import NotFound, Refused, WrongState
from community.outbox.models import OutboxMessage, OutboxState
from community.parties.models import PartyType
from community.signups.models import SignUp, SignUpHistory, SignUpState
from community.signups.usecases.joining import Comer
from community.signups.usecases.moving import cancel_shift, move_shift
from community.swaps.agreeing import agree_swap
from community.swaps.models import Swap, SwapAsk, SwapState
from community.swaps.usecases import ask_swap, refuse_swap
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, SATURDAY, get_places, make_plan, meet, publish, told
from tests.community.activities.test_life_of_a_shift import join, leave, tick

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SUNDAY = SATURDAY + DAY


@pytest.fixture
def at_noon() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


async def plan(sessions: Sessions, cast: Cast, people: int = 1) -> tuple[UUID, UUID]:
    """The same on Saturday and on Sunday, each full with one."""
    saturday = await publish(sessions, cast, make_plan(volunteers=people))
    sunday = await publish(sessions, cast, make_plan(SUNDAY, volunteers=people))
    return saturday, sunday


async def ask(sessions: Sessions, who: UUID, sign_up: UUID, shift_id: UUID) -> UUID:
    async with sessions.begin() as session:
        return (await ask_swap(session, who, sign_up, shift_id)).id


async def refusal(act: Callable[[], Awaitable[object]]) -> str:
    with pytest.raises(Refused) as refused:
        await act()
    return refused.value.message


async def whose(sessions: Sessions, shift_id: UUID) -> list[UUID]:
    async with sessions() as session:
        wanted = select(SignUp.resident_id).where(
            SignUp.shift_id == shift_id, SignUp.state.in_((SignUpState.SIGNED_UP, SignUpState.CONFIRMED))
        )
        return sorted(await session.scalars(wanted))


@pytest.mark.usefixtures("at_noon")
async def test_both_agree_and_both_places_change(sessions: Sessions, cast: Cast) -> None:
    saturday, sunday = await plan(sessions, cast)
    anna, bao = await meet(sessions, cast, 2)
    place = await join(sessions, anna, saturday)
    await join(sessions, bao, sunday)
    swap = await ask(sessions, anna, place, sunday)
    assert await told(sessions, bao) == ["swap_ask"]
    assert await whose(sessions, saturday) == [anna], "until somebody agrees nothing changes"
    for _ in range(2):
        async with sessions.begin() as session:
            await agree_swap(session, bao, swap)
    assert (await whose(sessions, saturday), await whose(sessions, sunday)) == ([bao], [anna])
    assert await told(sessions, anna) == ["swap_done"]
    async with sessions() as session:
        assert [(await get_places(session, each)).taken for each in (saturday, sunday)] == [1, 1]
        lines = (await session.scalars(select(SignUpHistory.why))).all()
        assert lines.count("swap") == 4


@pytest.mark.usefixtures("at_noon")
async def test_who_has_agreed_and_says_no_hears_where_they_go(sessions: Sessions, cast: Cast) -> None:
    saturday, sunday = await plan(sessions, cast)
    anna, bao = await meet(sessions, cast, 2)
    place = await join(sessions, anna, saturday)
    await join(sessions, bao, sunday)
    swap = await ask(sessions, anna, place, sunday)
    async with sessions.begin() as session:
        await agree_swap(session, bao, swap)

    async def refuse() -> None:
        async with sessions.begin() as session:
            await refuse_swap(session, bao, swap)

    with pytest.raises(WrongState, match="swap_agreed") as refused:
        await refuse()
    assert refused.value.values["starts"] == SATURDAY.isoformat()
    assert (await whose(sessions, saturday), await whose(sessions, sunday)) == ([bao], [anna])
    await leave(sessions, bao, UUID(str(refused.value.values["signup"])))
    assert await refusal(refuse) == "swap_is_over"


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize("how", ["given up", "another wished"])
async def test_nobody_hears_the_question_of_a_wish_that_ended(
    sessions: Sessions, cast: Cast, how: str
) -> None:
    saturday, sunday = await plan(sessions, cast)
    anna, bao, chen = await meet(sessions, cast, 3)
    place = await join(sessions, anna, saturday)
    await join(sessions, bao, sunday)
    swap = await ask(sessions, anna, place, sunday)
    if how == "given up":
        await leave(sessions, anna, place)
    else:
        monday = await publish(sessions, cast, make_plan(SUNDAY + DAY, volunteers=1))
        await join(sessions, chen, monday)
        await ask(sessions, anna, place, monday)
    async with sessions() as session:
        assert (await session.get_one(Swap, swap)).state is SwapState.OVER
        wanted = select(OutboxMessage.state).where(
            OutboxMessage.resident_id == bao, OutboxMessage.message == "swap_ask"
        )
        assert (await session.scalars(wanted)).all() == [OutboxState.SUPPRESSED]


@pytest.mark.usefixtures("at_noon")
async def test_reminders_follow_the_new_places(sessions: Sessions, cast: Cast) -> None:
    saturday, sunday = await plan(sessions, cast)
    anna, bao = await meet(sessions, cast, 2)
    place = await join(sessions, anna, saturday)
    await join(sessions, bao, sunday)
    swap = await ask(sessions, anna, place, sunday)
    async with sessions.begin() as session:
        await agree_swap(session, bao, swap)
    await tick(sessions, SATURDAY - DAY)
    assert await told(sessions, bao) == ["swap_ask", "shift_confirm"]
    assert await told(sessions, anna) == ["swap_done"]
    await tick(sessions, SUNDAY - DAY)
    assert await told(sessions, anna) == ["swap_done", "shift_confirm"]


@pytest.mark.usefixtures("at_noon")
async def test_who_says_no_keeps_the_place_and_the_next_is_asked(sessions: Sessions, cast: Cast) -> None:
    saturday, sunday = await plan(sessions, cast, people=4)
    anna, *others = await meet(sessions, cast, 5)
    place = await join(sessions, anna, saturday)
    for other in others:
        await join(sessions, other, sunday)
    swap = await ask(sessions, anna, place, sunday)
    asked = [other for other in others if await told(sessions, other) == ["swap_ask"]]
    assert len(asked) == 3
    for other in asked:
        async with sessions.begin() as session:
            await refuse_swap(session, other, swap)
    assert all([await told(sessions, other) == ["swap_ask"] for other in others])
    last = next(other for other in others if other not in asked)
    async with sessions.begin() as session:
        await refuse_swap(session, last, swap)
    assert await told(sessions, anna) == ["swap_none"]
    async with sessions() as session:
        assert (await session.get_one(Swap, swap)).state is SwapState.OVER
    assert anna in await whose(sessions, saturday)


async def test_nobody_answers_and_the_place_stays(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        saturday, sunday = await plan(sessions, cast)
        anna, bao = await meet(sessions, cast, 2)
        place = await join(sessions, anna, saturday)
        await join(sessions, bao, sunday)
        swap = await ask(sessions, anna, place, sunday)
    await tick(sessions, MONDAY + 11 * HOUR)
    assert await told(sessions, anna) == []
    await tick(sessions, MONDAY + 24 * HOUR)
    assert await told(sessions, anna) == ["swap_none"]
    with time_machine.travel(MONDAY + 25 * HOUR), pytest.raises(WrongState, match="swap_closed"):
        async with sessions.begin() as session:
            await agree_swap(session, bao, swap)


@pytest.mark.usefixtures("at_noon")
async def test_two_who_agree_at_once_are_one_swap(sessions: Sessions, cast: Cast) -> None:
    saturday, sunday = await plan(sessions, cast, people=2)
    anna, bao, chen = await meet(sessions, cast, 3)
    place = await join(sessions, anna, saturday)
    for each in (bao, chen):
        await join(sessions, each, sunday)
    swap = await ask(sessions, anna, place, sunday)

    async def agree(who: UUID) -> bool:
        try:
            async with sessions.begin() as session:
                await agree_swap(session, who, swap)
        except WrongState:
            return False
        return True

    assert sorted(await asyncio.gather(agree(bao), agree(chen))) == [False, True]
    assert anna in await whose(sessions, sunday)
    assert len(await whose(sessions, saturday)) == 1


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize("what", ["left", "elsewhere", "moved", "called off"])
async def test_what_came_in_between_ends_the_swap(sessions: Sessions, cast: Cast, what: str) -> None:
    saturday, sunday = await plan(sessions, cast)
    anna, bao = await meet(sessions, cast, 2)
    place = await join(sessions, anna, saturday)
    await join(sessions, bao, sunday)
    swap = await ask(sessions, anna, place, sunday)
    actor = cast.here.staff[PartyType.COMMITTEE]
    if what == "left":
        await leave(sessions, anna, place)
    elif what == "elsewhere":
        await join(sessions, bao, await publish(sessions, cast, make_plan(SATURDAY, kind="patrol")))
    else:
        async with sessions.begin() as session:
            if what == "moved":
                await move_shift(session, actor, sunday, SUNDAY + HOUR, SUNDAY + 2 * HOUR)
            else:
                await cancel_shift(session, actor, sunday, "")
    with pytest.raises(WrongState, match="swap_closed"):
        async with sessions.begin() as session:
            await agree_swap(session, bao, swap)


@pytest.mark.usefixtures("at_noon")
async def test_what_cannot_be_swapped_says_why(sessions: Sessions, cast: Cast) -> None:
    saturday, sunday = await plan(sessions, cast, people=2)
    anna, bao, chen = await meet(sessions, cast, 3)
    place = await join(sessions, anna, saturday)
    assert await refusal(lambda: ask(sessions, anna, place, sunday)) == "swap_has_places"
    await join(sessions, bao, sunday, Comer("mother"))
    assert await refusal(lambda: ask(sessions, anna, place, sunday)) == "swap_nobody", "bao brings somebody"
    assert await refusal(lambda: ask(sessions, bao, place, sunday)) == NotFound.message, "not bao's place"
    with_child = await join(
        sessions, chen, await publish(sessions, cast, make_plan(SATURDAY + 3 * HOUR)), Comer("child")
    )
    assert await refusal(lambda: ask(sessions, chen, with_child, sunday)) == "swap_alone_only"


async def test_nobody_is_asked_more_than_twice_a_week(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        saturday, sunday = await plan(sessions, cast, people=3)
        *askers, bao = await meet(sessions, cast, 4)
        places = [await join(sessions, each, saturday) for each in askers]
        await join(sessions, bao, sunday)
        async with sessions.begin() as session:
            (await get_places(session, sunday)).places = 1
        for asker, place in zip(askers[:2], places, strict=False):
            await ask(sessions, asker, place, sunday)
        assert await refusal(lambda: ask(sessions, askers[2], places[2], sunday)) == "swap_nobody"
    async with sessions() as session:
        assert len((await session.scalars(select(SwapAsk))).all()) == 2
        assert (await session.get_one(Shift, sunday)).cancelled_at is None
