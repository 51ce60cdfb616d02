"""A plan is changed: a draft in everything, a published one so that who comes hears of it and is asked anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select

from community.activities.models import Activity, Part, Shift
from community.activities.repeating import Every, make_rule
from community.activities.usecases.copying import copy_activity
from community.activities.usecases.planning import Plan, plan_activity
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.parties.models import PartyType
from community.signups.models import ReminderName, ShiftReminder
from community.signups.usecases.answering import confirm_sign_up
from community.signups.usecases.changing import change_activity, change_places
from community.signups.usecases.moving import cancel_activity
from community.signups.usecases.wishes import wish_reminders
from linli.database import Sessions
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
from tests.community.activities.test_joining import refusal
from tests.community.activities.test_life_of_a_shift import join

COMMITTEE = PartyType.COMMITTEE
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=True):
        yield


async def change(sessions: Sessions, cast: Cast, shift_id: UUID, plan: Plan) -> None:
    async with sessions.begin() as session:
        activity_id = (await session.get_one(Shift, shift_id)).activity_id
        await change_activity(session, cast.here.staff[COMMITTEE], activity_id, plan)


async def due(sessions: Sessions, name: ReminderName) -> list[timedelta]:
    """How long before the shift the reminders that lie ahead are due."""
    async with sessions() as session:
        wanted = select(ShiftReminder.due_at).where(ShiftReminder.name == name)
        return [SATURDAY - due_at for due_at in await session.scalars(wanted)]


async def test_a_draft_changes_in_everything(sessions: Sessions, cast: Cast) -> None:
    actor = cast.here.staff[COMMITTEE]
    async with sessions.begin() as session:
        activity = await plan_activity(session, actor, make_plan())
        rule = make_rule(Every.WEEK, SATURDAY.date(), (SATURDAY + 15 * DAY).date())
        await change_activity(
            session, actor, activity.id, make_plan(SATURDAY + HOUR, title_zh="陪老人散步", rule=rule)
        )
    async with sessions() as session:
        starts = (await session.scalars(select(Shift.starts_at).order_by(Shift.starts_at))).all()
        assert starts == [SATURDAY + HOUR + week * 7 * DAY for week in range(3)]
        assert (await session.scalars(select(Activity.title_zh))).all() == ["陪老人散步"]


async def test_a_copy_that_gets_other_words_keeps_its_dates(sessions: Sessions, cast: Cast) -> None:
    actor = cast.here.staff[COMMITTEE]
    rule = make_rule(Every.WEEK, SATURDAY.date(), (SATURDAY + 15 * DAY).date())
    async with sessions.begin() as session:
        old = await plan_activity(session, actor, make_plan(rule=rule))
        copied = await copy_activity(session, actor, old.id, SATURDAY + 28 * DAY)
        await change_activity(session, actor, copied.id, make_plan(SATURDAY + 28 * DAY, words="带上笑容。"))
    async with sessions() as session:
        wanted = select(Shift.starts_at).where(Shift.activity_id == copied.id).order_by(Shift.starts_at)
        starts = (await session.scalars(wanted)).all()
        assert starts == [SATURDAY + week * 7 * DAY for week in (4, 5, 6)]
        assert (await session.get_one(Activity, copied.id)).words == "带上笑容。"


async def test_a_copy_that_begins_in_the_afternoon_keeps_the_next_morning(
    sessions: Sessions, cast: Cast
) -> None:
    """The first day is a date: what is a day later, but less than 24 hours, is another one."""
    actor, noon = cast.here.staff[COMMITTEE], SATURDAY + 4 * HOUR
    rule = make_rule(Every.WEEK, SATURDAY.date(), (SATURDAY + 8 * DAY).date())
    async with sessions.begin() as session:
        old = await plan_activity(session, actor, make_plan(rule=rule, later=((noon, noon + HOUR),)))
        shifts = (await session.scalars(select(Shift).order_by(Shift.starts_at))).all()
        shifts[0].cancelled_at = now()
        shifts[2].starts_at, shifts[2].ends_at = SATURDAY + DAY, SATURDAY + DAY + 2 * HOUR
        await session.flush()
        copied = await copy_activity(session, actor, old.id, noon + 28 * DAY)
        wanted = select(Shift.starts_at).where(Shift.activity_id == copied.id).order_by(Shift.starts_at)
        before = (await session.scalars(wanted)).all()
        assert before[:2] == [noon + 28 * DAY, SATURDAY + 29 * DAY]
        await change_activity(
            session, actor, copied.id, make_plan(noon + 28 * DAY, hours=1, words="带上笑容。")
        )
        assert (await session.scalars(wanted)).all() == before


async def test_who_comes_hears_of_another_place_and_is_asked_again(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast, make_plan(volunteers=1))
    anna, waits = await meet(sessions, cast, 2)
    own = await join(sessions, anna, shift_id)
    await join(sessions, waits, shift_id)
    async with sessions.begin() as session:
        await confirm_sign_up(session, anna, own)
    await change(sessions, cast, shift_id, make_plan(words="带上笑容。"))
    assert await told(sessions, anna) == [], "new words call nobody"
    await change(sessions, cast, shift_id, make_plan(where_zh="5号楼门口"))
    assert await told(sessions, anna) == ["activity_changed"]
    assert await told(sessions, waits) == ["activity_changed"]
    assert await states(sessions, shift_id) == ["signed_up", "waiting"]


async def test_reminders_follow_the_activity_and_the_person(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast)
    anna, bao = await meet(sessions, cast, 2)
    for each in (anna, bao):
        await join(sessions, each, shift_id)
    assert await due(sessions, ReminderName.CONFIRM) == [DAY, DAY]
    async with sessions.begin() as session:
        await wish_reminders(session, anna, 2880, 60)
    assert sorted(await due(sessions, ReminderName.CONFIRM)) == [DAY, 2 * DAY]
    assert min(await due(sessions, ReminderName.SOON)) == HOUR
    await change(sessions, cast, shift_id, make_plan(confirm_minutes=25 * 60))
    assert sorted(await due(sessions, ReminderName.CONFIRM)) == [25 * HOUR, 2 * DAY]
    with pytest.raises(Refused, match="reminder_times"):
        async with sessions.begin() as session:
            await wish_reminders(session, anna, 7, None)


async def test_sign_up_opens_on_its_day(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast, make_plan(opens_minutes=3 * 24 * 60))
    assert await refusal(sessions, cast.owner.resident_id, shift_id) == "join_too_early"
    with time_machine.travel(SATURDAY - 3 * DAY + HOUR):
        await join(sessions, cast.owner.resident_id, shift_id)
    with pytest.raises(Refused, match="plan_opens"):
        await publish(sessions, cast, make_plan(opens_minutes=30))


async def test_more_places_go_to_who_waits(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast, make_plan(volunteers=1))
    anna, waits = await meet(sessions, cast, 2)
    for each in (anna, waits):
        await join(sessions, each, shift_id)
    actor = cast.here.staff[COMMITTEE]
    async with sessions.begin() as session:
        await change_places(session, actor, shift_id, Part.VOLUNTEER, 2)
    assert await told(sessions, waits) == ["place_offered"]
    async with sessions.begin() as session:
        with pytest.raises(Refused, match="places_taken"):
            await change_places(session, actor, shift_id, Part.VOLUNTEER, 1)
        assert (await get_places(session, shift_id)).places == 2


async def test_who_may_change_what(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast)
    async with sessions.begin() as session:
        activity_id = (await session.get_one(Shift, shift_id)).activity_id
        for actor, wrong in (
            (cast.here.staff[PartyType.PROPERTY_COMPANY], NotAllowed),
            (cast.there.staff[COMMITTEE], NotFound),
        ):
            with pytest.raises(wrong):
                await change_activity(session, actor, activity_id, make_plan())
            with pytest.raises(wrong):
                await change_places(session, actor, shift_id, Part.VOLUNTEER, 3)
        plan = replace(make_plan(), building_id=cast.there.building.id)
        with pytest.raises(NotFound):
            await change_activity(session, cast.here.staff[COMMITTEE], activity_id, plan)
    async with sessions.begin() as session:
        await cancel_activity(session, cast.here.staff[COMMITTEE], activity_id, "")
        with pytest.raises(WrongState):
            await change_activity(session, cast.here.staff[COMMITTEE], activity_id, make_plan())
