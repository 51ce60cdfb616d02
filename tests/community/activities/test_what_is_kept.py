"""What staff see of the people of a shift, and what is forgotten of them ninety days after it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import time_machine
from sqlalchemy import func, select

from community.activities.models import Part, Shift
from community.activities.usecases.planning import plan_activity, publish_activity
from community.base import Base
from community.parties.models import PartyType
from community.residents.models import Resident
from community.signups.forgetting import forget_old_sign_ups
from community.signups.models import Companion, ShiftReminder, SignUp, SignUpHistory, SignUpState
from community.signups.queries import find_hours, find_people
from community.signups.usecases.answering import leave_sign_up
from community.signups.usecases.arriving import check_in_by_leader
from community.signups.usecases.ending import end_shift
from community.signups.usecases.joining import Comer, join_shift
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, SATURDAY, make_plan, publish

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COMMITTEE, TEAM = PartyType.COMMITTEE, PartyType.VOLUNTEER_TEAM


async def publish_for(sessions: Sessions, cast: Cast, party: PartyType) -> UUID:
    """A shift of that party on the Saturday, in the afternoon."""
    actor = cast.here.staff[party]
    async with sessions.begin() as session:
        planned = await plan_activity(session, actor, make_plan(SATURDAY + 6 * HOUR, volunteers=5))
        await publish_activity(session, actor, planned.id)
        return (await session.scalars(select(Shift.id).where(Shift.activity_id == planned.id))).one()


async def join(sessions: Sessions, resident_id: UUID, shift_id: UUID, *companions: Comer) -> UUID:
    async with sessions.begin() as session:
        return (await join_shift(session, resident_id, shift_id, Part.VOLUNTEER, companions)).sign_up.id


async def end(sessions: Sessions, shift_id: UUID, at_least: timedelta = 5 * HOUR) -> None:
    async with sessions.begin() as session:
        await end_shift(session, SATURDAY + at_least, shift_id)


async def test_a_party_sees_who_comes_their_phone_and_what_they_missed_with_it(
    sessions: Sessions, cast: Cast
) -> None:
    owner, neighbour = cast.owner.resident_id, cast.neighbour.resident_id
    with time_machine.travel(MONDAY):
        elsewhere = await publish(sessions, cast)
        shift_id = await publish_for(sessions, cast, TEAM)
        await join(sessions, owner, elsewhere)
        await join(sessions, owner, shift_id)
        left = await join(sessions, neighbour, shift_id)
        async with sessions.begin() as session:
            await leave_sign_up(session, neighbour, left)
            (await session.get_one(Resident, owner)).phone = "13800001111"
    await end(sessions, elsewhere)
    team, committee = cast.here.staff[TEAM], cast.here.staff[COMMITTEE]
    at = SATURDAY + 5 * HOUR
    async with sessions() as session:
        [seen] = await find_people(session, team, shift_id, at)
        assert (seen.sign_up.resident_id, seen.phone, seen.missed) == (owner, "13800001111", 0)
        [seen] = await find_people(session, committee, shift_id, at)
        assert (seen.phone, seen.missed) == ("13800001111", 1)
    await end(sessions, shift_id, 12 * HOUR)
    async with sessions() as session:
        [seen] = await find_people(session, team, shift_id, at + DAY)
        assert (seen.sign_up.state, seen.phone, seen.missed) == (SignUpState.NO_SHOW, None, 1)


async def test_hours_stay_and_the_rest_is_forgotten(sessions: Sessions, cast: Cast) -> None:
    owner, neighbour = cast.owner.resident_id, cast.neighbour.resident_id
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast, make_plan(volunteers=5))
        came = await join(sessions, owner, shift_id, Comer("mother"))
        await join(sessions, neighbour, shift_id, Comer("child", is_child=True))
    with time_machine.travel(SATURDAY):
        async with sessions.begin() as session:
            await check_in_by_leader(session, cast.here.staff[COMMITTEE], came)
    await end(sessions, shift_id)
    assert await count(sessions, SignUp, Companion) == [2, 2]
    async with sessions.begin() as session:
        assert await forget_old_sign_ups(session, SATURDAY + 90 * DAY) == 0, "not a day early"
        assert await forget_old_sign_ups(session, SATURDAY + 91 * DAY) > 0
    assert await count(sessions, SignUp, Companion, ShiftReminder) == [1, 0, 0]
    async with sessions() as session:
        assert (await find_hours(session, owner)).minutes == 120
        assert set(await session.scalars(select(SignUpHistory.sign_up_id))) == {came}


async def count(sessions: Sessions, *tables: type[Base]) -> list[int]:
    async with sessions() as session:
        return [await session.scalar(select(func.count()).select_from(each)) or 0 for each in tables]
