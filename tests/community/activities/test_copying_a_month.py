"""Last month's plan once more: which day answers to which, what is left out and why, who may, and never twice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import func, select, update

from community.activities.models import Activity, ActivityHistory, ActivityState, Part, Shift
from community.activities.monthly import MonthActivity, Why, find_month
from community.activities.months import find_nth
from community.activities.repeating import Every, make_rule
from community.activities.usecases.copying import copy_activity, copy_month
from community.activities.usecases.following import follow_kind
from community.activities.usecases.planning import Plan, plan_activity, publish_activity
from community.actors import StaffActor
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.parties.models import PartyType
from community.places.models import Community
from community.signups.models import SignUp
from community.signups.usecases.joining import join_shift
from community.signups.usecases.moving import cancel_activity, cancel_shift
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, SATURDAY, make_plan, publish, told

COMMITTEE, VOLUNTEERS = PartyType.COMMITTEE, PartyType.VOLUNTEER_TEAM
APRIL, WRITTEN = date(2026, 4, 1), "2026-04"
ZONE = "Asia/Shanghai"
DAY = timedelta(days=1)
WEEKLY = make_rule(Every.WEEK, date(2026, 3, 7), date(2026, 3, 28))


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=True):
        yield


async def _look(sessions: Sessions, actor: StaffActor, month: date = APRIL) -> list[MonthActivity]:
    async with sessions() as session:
        zone = (await session.get_one(Community, actor.community_id)).zone
        return await find_month(session, actor, month, zone)


async def _copy(sessions: Sessions, actor: StaffActor, *shift_ids: UUID, month: str = WRITTEN) -> list[UUID]:
    async with sessions.begin() as session:
        return [each.id for each in await copy_month(session, actor, month, shift_ids)]


async def _ticked(sessions: Sessions, actor: StaffActor) -> list[UUID]:
    """The shifts that the page would have ticked."""
    planned = await _look(sessions, actor)
    return [shift.line.shift.id for each in planned for shift in each.shifts if shift.why is None]


async def _whys(sessions: Sessions, actor: StaffActor) -> list[Why | None]:
    return [shift.why for each in await _look(sessions, actor) for shift in each.shifts]


async def _plan(sessions: Sessions, actor: StaffActor, plan: Plan | None = None) -> UUID:
    async with sessions.begin() as session:
        return (await plan_activity(session, actor, plan or make_plan())).id


async def _starts(sessions: Sessions, activity_id: UUID) -> list[datetime]:
    async with sessions() as session:
        wanted = select(Shift.starts_at).where(Shift.activity_id == activity_id).order_by(Shift.starts_at)
        return list(await session.scalars(wanted))


async def _count(sessions: Sessions) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(Activity)) or 0


def test_a_weekday_of_a_week() -> None:
    assert find_nth(APRIL, 5, 1) == date(2026, 4, 4)
    assert find_nth(APRIL, 2, 5) == date(2026, 4, 29), "April 2026 has five Wednesdays"
    assert find_nth(APRIL, 5, 5) is None, "and four Saturdays"


async def test_each_shift_goes_to_the_same_weekday_of_the_same_week(sessions: Sessions, cast: Cast) -> None:
    actor = cast.here.staff[COMMITTEE]
    later = ((SATURDAY + timedelta(hours=4), SATURDAY + timedelta(hours=7)),)
    await publish(sessions, cast, make_plan(rule=WEEKLY, later=later, participants=5))
    async with sessions.begin() as session:
        await follow_kind(session, cast.owner.resident_id, "visits")
        shift = (await session.scalars(select(Shift).order_by(Shift.starts_at).limit(1))).one()
        await join_shift(session, cast.neighbour.resident_id, shift.id, Part.VOLUNTEER)
    [copied] = await _copy(sessions, actor, *await _ticked(sessions, actor))
    weeks = [SATURDAY + 28 * DAY + timedelta(weeks=week) for week in range(4)]
    assert await _starts(sessions, copied) == [
        at for week in weeks for at in (week, week + timedelta(hours=4))
    ]
    async with sessions() as session:
        activity = await session.get_one(Activity, copied)
        assert (activity.state, activity.rule, activity.published_at) == (ActivityState.DRAFT, None, None)
        of_copy = select(Shift.id).where(Shift.activity_id == copied)
        taken = await session.scalars(select(SignUp.id).where(SignUp.shift_id.in_(of_copy)))
        assert taken.all() == [], "people are not carried over"
        acts = await session.scalars(select(ActivityHistory.act).where(ActivityHistory.activity_id == copied))
        assert acts.all() == ["copied"]
    [again] = await _look(sessions, actor)
    assert [each.line.shift.length.seconds // 3600 for each in again.shifts] == [2, 3] * 4
    assert await told(sessions, cast.owner.resident_id) == [], "nobody hears of a draft"


async def test_everything_but_the_people_comes_along(sessions: Sessions, cast: Cast) -> None:
    actor = cast.here.staff[COMMITTEE]
    old = await _plan(
        sessions,
        actor,
        make_plan(
            participants=5, bring="帽子", qualification="急救证", minimum_age=16, opens_minutes=10_080,
            closes_minutes=0, cancel_minutes=1_440, confirm_minutes=2_880, remind_minutes=60, warn_days=7,
            building_id=cast.here.building.id,
        ),
    )  # fmt: skip
    [copied] = await _copy(sessions, actor, *await _ticked(sessions, actor))
    new = {"id", "state", "request_id", "created_at", "published_at"}
    async with sessions() as session:
        one, other = await session.get_one(Activity, old), await session.get_one(Activity, copied)
        for column in set(Activity.__table__.columns.keys()) - new:
            assert getattr(one, column) == getattr(other, column), column
    [before] = await _look(sessions, actor)
    [after] = await _look(sessions, actor, date(2026, 5, 1))
    assert _numbers(after) == _numbers(before) == {Part.VOLUNTEER: 2, Part.PARTICIPANT: 5}


def _numbers(planned: MonthActivity) -> dict[Part, int]:
    return {places.part: places.places for places in planned.shifts[0].line.places}


async def test_a_fifth_day_is_left_out_with_the_reason(sessions: Sessions, cast: Cast) -> None:
    """Sunday the 29th of March is a fifth one; April has four."""
    actor, sunday = cast.here.staff[COMMITTEE], SATURDAY + 15 * DAY
    rule = make_rule(Every.WEEK, sunday.date(), date(2026, 3, 29))
    await _plan(sessions, actor, make_plan(sunday, rule=rule))
    assert await _whys(sessions, actor) == [None, Why.NO_DAY]
    [planned] = await _look(sessions, actor)
    fourth, fifth = (each.line.shift.id for each in planned.shifts)
    with pytest.raises(WrongState, match="copy_month_changed"):
        await _copy(sessions, actor, fourth, fifth)
    assert await _count(sessions) == 1, "nothing of it was copied"
    [copied] = await _copy(sessions, actor, fourth)
    assert await _starts(sessions, copied) == [sunday + 35 * DAY], "the fourth Sunday of April"


async def test_a_fifth_day_that_only_the_new_month_has_is_named(sessions: Sessions, cast: Cast) -> None:
    await publish(sessions, cast, make_plan(rule=WEEKLY))
    [weekly] = await _look(sessions, cast.here.staff[COMMITTEE])
    assert weekly.find_fifths(date(2026, 5, 1)) == [date(2026, 5, 30)]
    assert weekly.find_fifths(APRIL) == []


async def test_pressed_twice_it_is_there_once(sessions: Sessions, cast: Cast) -> None:
    actor = cast.here.staff[COMMITTEE]
    await _plan(sessions, actor, make_plan(rule=WEEKLY))
    ticked = await _ticked(sessions, actor)
    assert len(await _copy(sessions, actor, *ticked)) == 1
    assert await _copy(sessions, actor, *ticked) == []
    assert await _whys(sessions, actor) == [Why.COPIED] * 4
    assert await _count(sessions) == 2


async def test_two_colleagues_at_once_make_one(sessions: Sessions, cast: Cast) -> None:
    one, two = cast.here.staff[COMMITTEE], cast.here.colleagues[COMMITTEE]
    for hour in range(6):
        await _plan(sessions, one, make_plan(SATURDAY + timedelta(hours=hour), title_zh=f"探访{hour}"))
    ticked = await _ticked(sessions, one)
    made = await asyncio.gather(
        _copy(sessions, one, *ticked), _copy(sessions, two, *reversed(ticked)), _copy(sessions, one, *ticked)
    )
    assert sorted(map(len, made)) == [0, 0, 6]
    assert await _count(sessions) == 12


async def test_a_copy_that_was_called_off_may_be_made_again(sessions: Sessions, cast: Cast) -> None:
    actor = cast.here.staff[COMMITTEE]
    await _plan(sessions, actor)
    [first] = await _copy(sessions, actor, *await _ticked(sessions, actor))
    async with sessions.begin() as session:
        await cancel_activity(session, actor, first, "")
    [second] = await _copy(sessions, actor, *await _ticked(sessions, actor))
    assert second != first
    assert await _whys(sessions, actor) == [Why.COPIED]


async def test_every_party_copies_its_own(sessions: Sessions, cast: Cast) -> None:
    """The committee may run what its partners plan, yet a month is copied by whoever planned it."""
    actor = cast.here.staff[VOLUNTEERS]
    await _plan(sessions, actor)
    [own] = await _ticked(sessions, actor)
    refused = {
        NotAllowed: [
            cast.here.staff[COMMITTEE],
            cast.here.staff[PartyType.SOCIAL_ORGANISATION],
            cast.street,
            cast.admin,
        ],
        NotFound: [cast.there.staff[COMMITTEE], cast.there.staff[VOLUNTEERS]],
    }
    for error, others in refused.items():
        for other in others:
            with pytest.raises(error):
                await _copy(sessions, other, own)
            if other.community_id is not None:
                assert await _look(sessions, other) == []
    with pytest.raises(NotFound):
        await _copy(sessions, actor, own, uuid4())
    assert await _count(sessions) == 1


async def test_what_is_not_ticked_says_why(sessions: Sessions, cast: Cast) -> None:
    actor = cast.here.staff[COMMITTEE]
    reaching = make_rule(Every.WEEK, date(2026, 3, 28), date(2026, 4, 4))
    plans = {
        "走廊": make_plan(SATURDAY + 21 * DAY, title_zh="走廊", rule=reaching),
        "停办": make_plan(title_zh="停办"),
        "没发": make_plan(MONDAY + timedelta(hours=1), title_zh="没发"),
        "已有": make_plan(title_zh="已有"),
        "还办": make_plan(title_zh="还办"),
    }
    made = {title: await _plan(sessions, actor, plan) for title, plan in plans.items()}
    async with sessions.begin() as session:
        for title in set(plans) - {"没发"}:
            await publish_activity(session, actor, made[title])
        await cancel_activity(session, actor, made["停办"], "")
        await copy_activity(session, actor, made["已有"], SATURDAY + 28 * DAY)
    with time_machine.travel(datetime(2026, 3, 20, tzinfo=UTC)):
        planned = await _look(sessions, actor)
    whys = {each.activity.title_zh: [shift.why for shift in each.shifts] for each in planned}
    assert whys == {
        "没发": [Why.UNPUBLISHED],
        "停办": [Why.CANCELLED],
        "已有": [Why.THERE],
        "还办": [None],
        "走廊": [Why.REACHES],
    }
    assert all(shift.may_copy for each in planned for shift in each.shifts), "with a tick they come along"


async def test_a_date_that_was_called_off_gives_way_to_the_one_that_stands(
    sessions: Sessions, cast: Cast
) -> None:
    actor = cast.here.staff[COMMITTEE]
    activity = await _plan(sessions, actor)
    async with sessions.begin() as session:
        old = (await session.scalars(select(Shift))).one()
        await cancel_shift(session, actor, old.id, "")
        again = Shift(
            activity_id=activity, community_id=old.community_id, secret=old.secret,
            starts_at=old.starts_at, ends_at=old.ends_at,
        )  # fmt: skip
        session.add(again)
    assert await _ticked(sessions, actor) == [again.id]
    [planned] = await _look(sessions, actor)
    assert len(planned.shifts) == 1


async def test_this_month_leaves_out_what_is_over(sessions: Sessions, cast: Cast) -> None:
    actor = cast.here.staff[COMMITTEE]
    await _plan(sessions, actor, make_plan(rule=WEEKLY))
    with time_machine.travel(datetime(2026, 4, 10, 4, tzinfo=UTC)):
        async with sessions.begin() as session:
            await session.execute(update(Activity).values(state=ActivityState.PUBLISHED))
        assert await _whys(sessions, actor) == [Why.PAST, None, None, None]
        [planned] = await _look(sessions, actor)
        with pytest.raises(WrongState, match="copy_month_changed"):
            await _copy(sessions, actor, planned.shifts[0].line.shift.id)
        [copied] = await _copy(sessions, actor, planned.shifts[1].line.shift.id)
    assert await _starts(sessions, copied) == [SATURDAY + 35 * DAY]


@pytest.mark.parametrize("month", ["2026-02", "2027-04", "2026-13", "2026-00", "next", "", "２０２６-04"])
async def test_no_such_month_to_copy_into(sessions: Sessions, cast: Cast, month: str) -> None:
    actor = cast.here.staff[COMMITTEE]
    await _plan(sessions, actor)
    with pytest.raises(Refused, match="copy_month_when"):
        await _copy(sessions, actor, *await _ticked(sessions, actor), month=month)


async def test_nothing_ticked_and_a_shift_of_another_month(sessions: Sessions, cast: Cast) -> None:
    actor = cast.here.staff[COMMITTEE]
    await _plan(sessions, actor)
    with pytest.raises(Refused, match="copy_month_none"):
        await _copy(sessions, actor)
    with pytest.raises(WrongState, match="copy_month_changed"):
        await _copy(sessions, actor, *await _ticked(sessions, actor), month="2026-06")
    assert await _count(sessions) == 1


async def test_nine_stays_nine_where_clocks_change(sessions: Sessions, cast: Cast) -> None:
    """In Berlin clocks go on by an hour on the 29th of March."""
    actor, nine = cast.here.staff[COMMITTEE], datetime(2026, 3, 7, 8, tzinfo=UTC)
    async with sessions.begin() as session:
        await session.execute(update(Community).values(zone="Europe/Berlin"))
    old = await _plan(sessions, actor, make_plan(nine))
    [copied] = await _copy(sessions, actor, *await _ticked(sessions, actor))
    assert await _starts(sessions, copied) == [datetime(2026, 4, 4, 7, tzinfo=UTC)]
    late = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    night = await _plan(
        sessions, actor, make_plan(late, title_zh="夜巡", later=((late + DAY / 2, late + DAY),))
    )
    async with sessions.begin() as session:
        first = datetime(2026, 4, 5, 22, 30, tzinfo=UTC)
        again = await copy_activity(session, actor, night, first)
    assert await _starts(sessions, again.id) == [first, datetime(2026, 4, 6, 11, 30, tzinfo=UTC)]
    assert await _starts(sessions, old) == [nine], "the old one stays as it is"
