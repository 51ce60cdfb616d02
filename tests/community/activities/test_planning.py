"""Planning: who may, what is refused, dates that repeat, and everybody told when something moves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from community.activities.models import Activity, ActivityState, Part, Shift
from community.activities.queries import find_open_shifts
from community.activities.repeating import Every, dates_of, make_rule, say_rule
from community.activities.usecases.copying import copy_activity
from community.activities.usecases.following import follow_kind, unfollow_kind
from community.activities.usecases.planning import plan_activity, publish_activity
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.parties.models import PartyType
from community.signups.usecases.answering import confirm_sign_up
from community.signups.usecases.joining import join_shift
from community.signups.usecases.moving import cancel_activity, cancel_shift, move_shift
from linli.database import Sessions
from linli.text import TextRefused
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

COMMITTEE = PartyType.COMMITTEE


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=True):
        yield


def test_nine_stays_nine_where_clocks_change() -> None:
    zone = "Europe/Berlin"
    first = SATURDAY.replace(month=3, day=21, hour=8)
    rule = make_rule(Every.WEEK, first.date(), date(2026, 4, 11))
    hours = [each.astimezone(ZoneInfo(zone)).hour for each in dates_of(rule, first, zone)]
    assert hours == [9, 9, 9, 9]


def test_rules_are_said_in_words() -> None:
    weekly = make_rule(Every.WEEK, date(2026, 3, 7), date(2026, 12, 26))
    assert say_rule(weekly, "zh") == "每周六，到12月26日"
    assert say_rule(weekly, "en") == "every Saturday until 26 Dec"
    monthly = make_rule(Every.MONTH, date(2026, 3, 7), date(2026, 6, 30))
    assert say_rule(monthly, "zh") == "每月第一个周六，到6月30日"
    assert len(dates_of(monthly, SATURDAY, "Asia/Shanghai")) == 4
    assert "second" in say_rule(make_rule(Every.TWO_WEEKS, date(2026, 3, 7), date(2026, 5, 1)), "en")


async def test_a_plan_that_repeats_has_all_its_shifts(sessions: Sessions, cast: Cast) -> None:
    rule = make_rule(Every.WEEK, date(2026, 3, 7), date(2026, 3, 28))
    await publish(sessions, cast, make_plan(rule=rule))
    async with sessions() as session:
        lines = await find_open_shifts(session, cast.here.community.id, now())
    assert [line.shift.starts_at for line in lines] == [SATURDAY + timedelta(days=7 * n) for n in range(4)]


async def test_a_day_has_several_shifts_and_each_repeats(sessions: Sessions, cast: Cast) -> None:
    noon = SATURDAY + timedelta(hours=4)
    rule = make_rule(Every.WEEK, SATURDAY.date(), (SATURDAY + timedelta(days=8)).date())
    plan = make_plan(rule=rule, later=((noon, noon + timedelta(hours=3)),))
    await publish(sessions, cast, plan)
    async with sessions() as session:
        rows = (await session.scalars(select(Shift).order_by(Shift.starts_at))).all()
    week = timedelta(days=7)
    assert [row.starts_at for row in rows] == [SATURDAY, noon, SATURDAY + week, noon + week]
    assert [row.length for row in rows] == [timedelta(hours=hours) for hours in (2, 3, 2, 3)]


async def test_who_may_plan(sessions: Sessions, cast: Cast) -> None:
    for party in (COMMITTEE, PartyType.SOCIAL_WORK_TEAM, PartyType.VOLUNTEER_TEAM):
        async with sessions.begin() as session:
            await plan_activity(session, cast.here.staff[party], make_plan())
    for actor in (cast.street, cast.admin):
        async with sessions.begin() as session:
            with pytest.raises(NotAllowed):
                await plan_activity(session, actor, make_plan())


async def test_who_may_run(sessions: Sessions, cast: Cast) -> None:
    """Its own party and the committee; another partner and whoever is elsewhere may not."""
    async with sessions.begin() as session:
        own = await plan_activity(session, cast.here.staff[PartyType.VOLUNTEER_TEAM], make_plan())
    refused = {
        NotAllowed: [cast.here.staff[PartyType.SOCIAL_ORGANISATION]],
        NotFound: [cast.there.staff[COMMITTEE], cast.street, cast.admin],
    }
    for error, actors in refused.items():
        for actor in actors:
            async with sessions.begin() as session:
                with pytest.raises(error):
                    await publish_activity(session, actor, own.id)
    async with sessions.begin() as session:
        await publish_activity(session, cast.here.staff[COMMITTEE], own.id)


async def test_what_does_not_fit_is_refused(sessions: Sessions, cast: Cast) -> None:
    actor = cast.here.staff[COMMITTEE]
    wrong = {
        "plan_kind": make_plan(kind="none"),
        "plan_times": make_plan(hours=0),
        "plan_past": make_plan(MONDAY - timedelta(days=1)),
        "plan_same_times": make_plan(later=((SATURDAY, SATURDAY + timedelta(hours=1)),)),
        "plan_places": make_plan(volunteers=0),
    }
    for message, plan in wrong.items():
        async with sessions.begin() as session:
            with pytest.raises(Refused, match=message):
                await plan_activity(session, actor, plan)
    async with sessions.begin() as session:
        with pytest.raises(TextRefused):
            await plan_activity(session, actor, make_plan(title_zh=" "))


async def test_a_form_that_comes_twice_plans_once(sessions: Sessions, cast: Cast) -> None:
    request_id = uuid4()

    async def send() -> None:
        async with sessions.begin() as session:
            await plan_activity(session, cast.here.staff[COMMITTEE], make_plan(), request_id=request_id)

    await asyncio.gather(send(), send())
    await send()
    async with sessions() as session:
        assert len((await session.scalars(select(Activity))).all()) == 1


async def test_whoever_follows_the_kind_hears_of_it_once(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        await follow_kind(session, cast.owner.resident_id, "visits")
        await follow_kind(session, cast.stranger.resident_id, "visits")
        await follow_kind(session, cast.neighbour.resident_id, "visits")
        await unfollow_kind(session, cast.neighbour.resident_id, "visits")
    await publish(sessions, cast)
    assert await told(sessions, cast.owner.resident_id) == ["activity_published"]
    assert await told(sessions, cast.stranger.resident_id) == [], "another community"
    assert await told(sessions, cast.neighbour.resident_id) == []


async def test_a_draft_is_not_seen(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        await plan_activity(session, cast.here.staff[COMMITTEE], make_plan())
        assert await find_open_shifts(session, cast.here.community.id, now()) == []


async def test_a_moved_shift_asks_again(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast)
    owner, actor = cast.owner.resident_id, cast.here.staff[COMMITTEE]
    async with sessions.begin() as session:
        held = await join_shift(session, owner, shift_id, Part.VOLUNTEER)
        await confirm_sign_up(session, owner, held.sign_up.id)
    async with sessions.begin() as session:
        later = SATURDAY + timedelta(hours=3)
        await move_shift(session, actor, shift_id, later, later + timedelta(hours=2))
    assert await states(sessions, shift_id) == ["signed_up"]
    assert await told(sessions, owner) == ["shift_moved"]


async def test_a_cancelled_activity_frees_and_tells_everybody(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast)
    people = await meet(sessions, cast, 3)
    async with sessions.begin() as session:
        for person in people:
            await join_shift(session, person, shift_id, Part.VOLUNTEER)
        shift = await session.get_one(Shift, shift_id)
    actor = cast.here.staff[COMMITTEE]
    async with sessions.begin() as session:
        activity = await cancel_activity(session, actor, shift.activity_id, "下大雨")
    assert activity.state is ActivityState.CANCELLED
    assert await states(sessions, shift_id) == ["cancelled"] * 3
    assert [await told(sessions, person) for person in people] == [["shift_cancelled"]] * 3
    async with sessions.begin() as session:
        places = await get_places(session, shift_id)
        assert (places.taken, places.waiting) == (0, 0)
        with pytest.raises(WrongState):
            await cancel_shift(session, actor, shift_id, "")


async def test_last_months_plan_is_copied(sessions: Sessions, cast: Cast) -> None:
    rule = make_rule(Every.WEEK, date(2026, 3, 7), date(2026, 3, 28))
    await publish(sessions, cast, make_plan(rule=rule))
    actor = cast.here.staff[COMMITTEE]
    first = SATURDAY + timedelta(days=28)
    async with sessions.begin() as session:
        old = (await session.scalars(select(Activity))).one()
        copied = await copy_activity(session, actor, old.id, first)
        await publish_activity(session, actor, copied.id)
        lines = await find_open_shifts(session, cast.here.community.id, first)
    assert [line.shift.starts_at for line in lines] == [first + timedelta(days=7 * n) for n in range(4)]
    assert lines[0].activity.rule is None, "the dates were copied, not a rule that ended"
    assert lines[0].places[0].places == 2
