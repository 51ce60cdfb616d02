"""A shift from the reminder to the thanks: confirming, leaving, who moves up, who is asked, arriving, hours."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import func, select

from channels.delivery import Delivery
from channels.registry import make_channels
from community.activities.models import Part, Shift
from community.clock import now
from community.errors import NotFound, Refused, WrongState
from community.parties.models import PartyType
from community.quiet import is_quiet
from community.signups.models import (
    ReminderName,
    ReminderState,
    ShiftReminder,
    SignUp,
    SignUpHistory,
    SignUpState,
)
from community.signups.queries import find_hours, find_people
from community.signups.usecases.answering import confirm_sign_up, leave_sign_up
from community.signups.usecases.arriving import check_in, check_in_by_leader, check_out, code_of
from community.signups.usecases.ending import correct_minutes
from community.signups.usecases.feedback import rate_shift
from community.signups.usecases.holding import hold_until
from community.signups.usecases.joining import Comer, join_shift
from community.signups.usecases.moving import move_shift
from community.signups.usecases.waiting import accept_offer
from community.substitutes.models import Ask, Search, SearchState, Volunteer
from community.substitutes.usecases import call_for_more, stop_search
from community.surveys.asking import SurveyTimes
from linli.database import Sessions
from linli.settings import Settings
from scheduler.jobs.shifts import shifts
from scheduler.tools import Tools
from tests.cast import Cast
from tests.community.activities.plans import (
    MONDAY,
    SATURDAY,
    get_places,
    make_plan,
    meet,
    publish,
    states,
    told,
)

ZONE = "Asia/Shanghai"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def join(sessions: Sessions, resident_id: UUID, shift_id: UUID, *companions: Comer) -> UUID:
    async with sessions.begin() as session:
        return (await join_shift(session, resident_id, shift_id, Part.VOLUNTEER, companions)).sign_up.id


async def leave(sessions: Sessions, resident_id: UUID, sign_up_id: UUID) -> None:
    async with sessions.begin() as session:
        await leave_sign_up(session, resident_id, sign_up_id)


async def tick(sessions: Sessions, at: datetime) -> int:
    """The worker's job at a moment."""
    tools = Tools(
        sessions, Delivery(sessions, make_channels(Settings(), sessions), hold_after=DAY), SurveyTimes()
    )
    with time_machine.travel(at, tick=True):
        return await shifts(tools, at)


async def make_volunteers(sessions: Sessions, cast: Cast, people: list[UUID]) -> None:
    async with sessions.begin() as session:
        here = cast.here.community.id
        session.add_all(
            Volunteer(resident_id=each, community_id=here, since=now(), asked=0) for each in people
        )


async def test_reminders_go_out_once_and_ask(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast, make_plan(bring="手套"))
        sign_up_id = await join(sessions, cast.owner.resident_id, shift_id)
    await tick(sessions, SATURDAY - 25 * HOUR)
    assert await told(sessions, cast.owner.resident_id) == []
    await asyncio.gather(*(tick(sessions, SATURDAY - 24 * HOUR) for _ in range(3)))
    assert await told(sessions, cast.owner.resident_id) == ["shift_confirm"]
    with time_machine.travel(SATURDAY - 20 * HOUR):
        async with sessions.begin() as session:
            held = await confirm_sign_up(session, cast.owner.resident_id, sign_up_id)
            assert held.sign_up.state is SignUpState.CONFIRMED
    await tick(sessions, SATURDAY - HOUR)
    assert await told(sessions, cast.owner.resident_id) == ["shift_confirm", "shift_soon"]


async def test_a_reminder_of_no_use_is_counted_not_sent(sessions: Sessions, cast: Cast) -> None:
    """The worker was down: "are you coming?" an hour before is late, where to meet is not."""
    with time_machine.travel(MONDAY):
        await join(sessions, cast.owner.resident_id, await publish(sessions, cast))
    await tick(sessions, SATURDAY - HOUR)
    assert await told(sessions, cast.owner.resident_id) == ["shift_soon"]
    async with sessions() as session:
        wanted = select(ShiftReminder.state, func.count()).group_by(ShiftReminder.state)
        counted = dict((await session.execute(wanted)).all())
    assert counted == {ReminderState.LATE: 1, ReminderState.SENT: 1}


async def test_nobody_is_reminded_at_night(sessions: Sessions, cast: Cast) -> None:
    early = SATURDAY - 3 * HOUR  # 6:00
    with time_machine.travel(MONDAY):
        await join(sessions, cast.owner.resident_id, await publish(sessions, cast, make_plan(early)))
    async with sessions() as session:
        due = (await session.scalars(select(ShiftReminder.due_at))).all()
    assert len(due) == 2
    assert all(not is_quiet(at - timedelta(seconds=1), ZONE) and at < early for at in due)


async def test_a_reminder_that_the_night_overtook_waits_for_the_morning(
    sessions: Sessions, cast: Cast
) -> None:
    """The worker was down until 3:00: a shift at 9:00 is reminded of at 8:00, one at 8:00 no more."""
    soon = ReminderName.SOON
    with time_machine.travel(MONDAY):
        await join(sessions, cast.owner.resident_id, await publish(sessions, cast))
        early = await publish(sessions, cast, make_plan(SATURDAY - HOUR))
        await join(sessions, cast.neighbour.resident_id, early)
    assert await tick(sessions, SATURDAY - 6 * HOUR) == 0
    assert await told(sessions, cast.owner.resident_id) == []
    await tick(sessions, SATURDAY - HOUR)
    assert await told(sessions, cast.owner.resident_id) == ["shift_soon"]
    assert await told(sessions, cast.neighbour.resident_id) == []
    async with sessions() as session:
        wanted = select(ShiftReminder.state).where(ShiftReminder.name == soon).order_by(ShiftReminder.state)
        assert sorted(await session.scalars(wanted)) == [ReminderState.LATE, ReminderState.SENT]


async def test_what_is_due_in_the_evening_goes_out_then(sessions: Sessions, cast: Cast) -> None:
    early = SATURDAY - 3 * HOUR  # 6:00, so it is said at 21:30
    with time_machine.travel(MONDAY):
        await join(sessions, cast.owner.resident_id, await publish(sessions, cast, make_plan(early)))
    await tick(sessions, SATURDAY - 11 * HOUR)
    assert await told(sessions, cast.owner.resident_id) == ["shift_soon"]


async def test_whoever_joins_at_night_is_reminded_in_the_morning(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(SATURDAY - 11 * HOUR):  # 22:00
        await join(sessions, cast.owner.resident_id, await publish(sessions, cast))
    await tick(sessions, SATURDAY - HOUR)
    assert await told(sessions, cast.owner.resident_id) == ["shift_soon"]


async def test_whoever_confirmed_or_left_is_not_asked(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast)
        kept = await join(sessions, cast.owner.resident_id, shift_id)
        left = await join(sessions, cast.neighbour.resident_id, shift_id)
        async with sessions.begin() as session:
            await confirm_sign_up(session, cast.owner.resident_id, kept)
        await leave(sessions, cast.neighbour.resident_id, left)
    await tick(sessions, SATURDAY - 24 * HOUR)
    assert await told(sessions, cast.owner.resident_id) == []
    assert await told(sessions, cast.neighbour.resident_id) == []


async def test_a_moved_shift_is_reminded_at_its_new_time(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast)
        await join(sessions, cast.owner.resident_id, shift_id)
        later = SATURDAY + DAY
        async with sessions.begin() as session:
            await move_shift(session, cast.here.staff[PartyType.COMMITTEE], shift_id, later, later + HOUR)
    await tick(sessions, SATURDAY - 20 * HOUR)
    assert await told(sessions, cast.owner.resident_id) == ["shift_moved"]
    await tick(sessions, SATURDAY + HOUR)
    assert await told(sessions, cast.owner.resident_id) == ["shift_moved", "shift_confirm"]


def test_an_offer_holds_shorter_as_the_shift_nears() -> None:
    moments = [SATURDAY - each * HOUR for each in (96, 24, -1, -4)]
    lengths = [(hold_until(at, SATURDAY + 6 * HOUR, ZONE) or at) - at for at in moments]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] >= 12 * HOUR
    assert hold_until(SATURDAY - timedelta(minutes=20), SATURDAY, ZONE) is None


async def test_the_waiting_list_moves_up_by_itself(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast, make_plan(volunteers=1))
        first, second, third = await meet(sessions, cast, 3)
        ids = [await join(sessions, each, shift_id) for each in (first, second, third)]
        await leave(sessions, first, ids[0])
        assert await told(sessions, second) == ["place_offered"]
        await join(sessions, cast.owner.resident_id, shift_id)
        assert await states(sessions, shift_id) == ["cancelled", "waiting", "waiting", "waiting"], (
            "it is kept"
        )
    await tick(sessions, MONDAY + 13 * HOUR)
    assert await told(sessions, second) == ["place_offered"], "nothing lapses at night"
    await tick(sessions, MONDAY + 21 * HOUR)
    assert await told(sessions, second) == ["place_offered", "offer_lapsed"]
    assert await told(sessions, third) == ["place_offered"]
    with time_machine.travel(MONDAY + 22 * HOUR):
        async with sessions.begin() as session:
            with pytest.raises(WrongState, match="offer_over"):
                await accept_offer(session, second, ids[1])
        async with sessions.begin() as session:
            await accept_offer(session, third, ids[2])
    assert await states(sessions, shift_id) == ["cancelled", "declined", "signed_up", "waiting"]
    async with sessions() as session:
        places = await get_places(session, shift_id)
        assert (places.taken, places.waiting) == (1, 1)


async def test_an_offer_goes_to_the_first_that_fits(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast, make_plan(volunteers=2))
        one, pair, single, other = await meet(sessions, cast, 4)
        mine = await join(sessions, one, shift_id)
        await join(sessions, other, shift_id)
        await join(sessions, pair, shift_id, Comer("mother"))
        await join(sessions, single, shift_id)
        await leave(sessions, one, mine)
    assert await told(sessions, pair) == []
    assert await told(sessions, single) == ["place_offered"]


async def test_late_is_declined_and_early_is_cancelled(sessions: Sessions, cast: Cast) -> None:
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast)
        one = await join(sessions, cast.owner.resident_id, shift_id)
        other = await join(sessions, cast.neighbour.resident_id, shift_id)
        await leave(sessions, cast.owner.resident_id, one)
        await leave(sessions, cast.owner.resident_id, one)
    with time_machine.travel(SATURDAY - HOUR):
        await leave(sessions, cast.neighbour.resident_id, other)
    assert await states(sessions, shift_id) == ["cancelled", "declined"]
    async with sessions() as session:
        lines = (await session.scalars(select(SignUpHistory).order_by(SignUpHistory.id))).all()
    assert [(line.from_state, line.to_state.value, line.why) for line in lines[-2:]] == [
        (SignUpState.SIGNED_UP, "cancelled", None),
        (SignUpState.SIGNED_UP, "declined", "late"),
    ]


async def test_a_substitute_is_asked_in_small_rounds_least_asked_first(
    sessions: Sessions, cast: Cast
) -> None:
    with time_machine.travel(SATURDAY - 40 * HOUR):  # Thursday 17:00
        shift_id = await publish(sessions, cast, make_plan(volunteers=1))
        people = await meet(sessions, cast, 5)
        await make_volunteers(sessions, cast, people)
        async with sessions.begin() as session:
            often = await session.get_one(Volunteer, (people[0], cast.here.community.id))
            often.asked, often.asked_at = 4, now() - 30 * DAY
        sign_up_id = await join(sessions, cast.owner.resident_id, shift_id)
        await leave(sessions, cast.owner.resident_id, sign_up_id)
    begun = SATURDAY - 40 * HOUR + timedelta(minutes=1)
    assert await tick(sessions, begun) == 3
    assert await told(sessions, people[0]) == [], "asked most so far"
    assert await tick(sessions, begun + timedelta(minutes=10)) == 0, "a round waits for answers"
    assert await tick(sessions, SATURDAY - 34 * HOUR) == 0, "nobody is asked at 23:00"
    assert await tick(sessions, SATURDAY - 24 * HOUR) == 2
    asked = [each for each in people if await told(sessions, each) == ["substitute_ask"]]
    assert len(asked) == 5
    async with sessions() as session:
        counted = {each.resident_id: each.asked for each in await session.scalars(select(Volunteer))}
    assert [counted[each] for each in people] == [5, 1, 1, 1, 1]
    assert await told(sessions, cast.owner.resident_id) == [], "who left is not asked"
    with time_machine.travel(SATURDAY - 23 * HOUR):
        await join(sessions, asked[1], shift_id)
    await tick(sessions, SATURDAY - 20 * HOUR)
    async with sessions() as session:
        assert (await session.scalars(select(Search.state))).all() == [SearchState.FILLED]


async def test_nobody_is_asked_more_than_twice_a_week(sessions: Sessions, cast: Cast) -> None:
    [person] = await meet(sessions, cast, 1)
    await make_volunteers(sessions, cast, [person])
    actor = cast.here.staff[PartyType.COMMITTEE]
    for n in range(3):
        with time_machine.travel(MONDAY + n * HOUR):
            shift_id = await publish(sessions, cast, make_plan(SATURDAY + 3 * n * HOUR, title_zh=f"巡逻{n}"))
            async with sessions.begin() as session:
                await call_for_more(session, actor, shift_id)
        await tick(sessions, MONDAY + n * HOUR + timedelta(minutes=1))
    assert await told(sessions, person) == ["substitute_ask"] * 2
    async with sessions() as session:
        ended = (await session.scalars(select(Search.state).order_by(Search.created_at))).all()
        assert len((await session.scalars(select(Ask))).all()) == 2
    assert ended[-1] is SearchState.ESCALATED, "staff see that nobody is left to ask"


async def test_staff_stop_a_search(sessions: Sessions, cast: Cast) -> None:
    people = await meet(sessions, cast, 2)
    await make_volunteers(sessions, cast, people)
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast)
        async with sessions.begin() as session:
            search = await call_for_more(session, cast.here.staff[PartyType.COMMITTEE], shift_id)
            with pytest.raises(Refused, match="search_not_needed"):
                await call_for_more(session, cast.here.staff[PartyType.COMMITTEE], shift_id)
        async with sessions.begin() as session:
            with pytest.raises(NotFound):
                await stop_search(session, cast.there.staff[PartyType.COMMITTEE], search.id)
        async with sessions.begin() as session:
            await stop_search(session, cast.here.staff[PartyType.COMMITTEE], search.id)
    assert await tick(sessions, MONDAY + HOUR) == 0
    assert [await told(sessions, each) for each in people] == [[], []]


async def test_arriving_by_the_code_of_the_minute(sessions: Sessions, cast: Cast) -> None:
    owner = cast.owner.resident_id
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast)
        sign_up_id = await join(sessions, owner, shift_id)
    async with sessions() as session:
        shift = await session.get_one(Shift, shift_id)

    async def arrive(at: datetime, code_at: datetime, who: UUID = owner) -> None:
        with time_machine.travel(at):
            async with sessions.begin() as session:
                await check_in(session, who, sign_up_id, code_of(shift, code_at))

    early, begin = SATURDAY - HOUR, SATURDAY + timedelta(minutes=3)
    with pytest.raises(Refused, match="check_in_early"):
        await arrive(early, early)
    minute = timedelta(minutes=1)
    good = {code_of(shift, begin), code_of(shift, begin - minute)}
    too_old = next(at for at in (begin - 2 * minute, begin - 3 * minute) if code_of(shift, at) not in good)
    with pytest.raises(Refused, match="check_in_wrong"):
        await arrive(begin, too_old)
    with pytest.raises(WrongState, match="check_in_over"):
        await arrive(SATURDAY + 3 * HOUR, SATURDAY + 3 * HOUR)
    with pytest.raises(NotFound):
        await arrive(begin, begin, cast.neighbour.resident_id)
    await arrive(begin, begin - timedelta(minutes=1))
    assert await states(sessions, shift_id) == ["checked_in"]


async def test_hours_thanks_and_no_show(sessions: Sessions, cast: Cast) -> None:
    actor = cast.here.staff[PartyType.COMMITTEE]
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast, make_plan(volunteers=3))
        people = await meet(sessions, cast, 4)
        ids = [await join(sessions, each, shift_id) for each in people]
    with time_machine.travel(SATURDAY):
        async with sessions.begin() as session:
            await check_in_by_leader(session, actor, ids[0])
            await check_in_by_leader(session, actor, ids[1])
            with pytest.raises(NotFound):
                await check_in_by_leader(session, cast.there.staff[PartyType.COMMITTEE], ids[2])
    with time_machine.travel(SATURDAY + HOUR):
        async with sessions.begin() as session:
            await check_out(session, people[1], ids[1])
    assert await tick(sessions, SATURDAY + 3 * HOUR) == 0, "the leader completes the list meanwhile"
    await asyncio.gather(*(tick(sessions, SATURDAY + 5 * HOUR) for _ in range(3)))
    assert await states(sessions, shift_id) == ["completed", "completed", "no_show", "cancelled"]
    assert (await told(sessions, people[0]))[-1] == "shift_thanks"
    assert "shift_thanks" not in await told(sessions, people[2])
    with time_machine.travel(SATURDAY + 6 * HOUR):
        async with sessions.begin() as session:
            assert [(await find_hours(session, each)).minutes for each in people] == [120, 60, 0, 0]
            await correct_minutes(session, actor, ids[2], 90, "来了，忘了签到")
            await rate_shift(session, people[0], ids[0], 5)
            with pytest.raises(NotFound):
                await correct_minutes(session, cast.street, ids[0], 10, "不是我的")
        async with sessions() as session:
            assert (await find_hours(session, people[2])).minutes == 90


async def test_three_no_shows_ask_for_a_talk(sessions: Sessions, cast: Cast) -> None:
    owner, actor = cast.owner.resident_id, cast.here.staff[PartyType.COMMITTEE]
    for n in range(4):
        begins = SATURDAY + n * DAY
        with time_machine.travel(begins - 2 * DAY):
            shift_id = await publish(sessions, cast, make_plan(begins))
            await join(sessions, owner, shift_id)
            async with sessions() as session:
                [person] = await find_people(session, actor, shift_id, now())
        assert person.needs_talk is (person.missed >= 3)
        await tick(sessions, begins + 5 * HOUR)
    with time_machine.travel(SATURDAY + 5 * DAY):
        async with sessions() as session:
            [person] = await find_people(session, actor, shift_id, now())
            assert person.needs_talk
            with pytest.raises(NotFound):
                await find_people(session, cast.here.staff[PartyType.SOCIAL_ORGANISATION], shift_id, now())
        async with sessions() as session:
            rows = (await session.scalars(select(SignUp.state))).all()
    assert rows == [SignUpState.NO_SHOW] * 4, "nobody is shut out: the fourth was taken as well"
