"""Staff who are also the resident: nobody handles, reads as confided, calls about or rates what is their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.alerts.crisis import report_crisis
from community.alerts.models import Alert, AlertCall
from community.alerts.usecases import take_alert
from community.callbacks.choosing import find_callers
from community.clock import now
from community.errors import NotAllowed
from community.hotlines.models import Danger
from community.needs.known import readable_to
from community.needs.models import Need, NeedAssignment
from community.needs.rights import may_handle, may_read
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import DeclineReason, accept_need, assign_need, decline_need, resolve_need
from community.parties.models import PartyType
from community.routing.people import suggest_assignee
from community.staff_reach.models import StaffLink
from community.surveys.asking import SurveyTimes, take_due_survey
from community.surveys.usecases import answer_solved, rate_need
from linli.database import Sessions
from tests.cast import Cast

TEN = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TEAM, PROPERTY, COMMITTEE = PartyType.SOCIAL_WORK_TEAM, PartyType.PROPERTY_COMPANY, PartyType.COMMITTEE
LIFT = Report(kind="elevator", words="电梯停了")
Act = Callable[[AsyncSession, StaffActor, Need], Awaitable[object]]

ACTS: dict[str, Act] = {
    "accept": lambda session, actor, need: accept_need(session, actor, need.id),
    "take": lambda session, actor, need: assign_need(session, actor, need.id, actor.staff_id),
    "resolve": lambda session, actor, need: resolve_need(session, actor, need.id, "好了", survey_at=TEN),
    "decline": lambda session, actor, need: decline_need(session, actor, need.id, DeclineReason.NOT_OURS),
}


async def be(session: AsyncSession, actor: StaffActor, cast: Cast) -> None:
    """This colleague is the owner of the cast."""
    owner = cast.owner
    session.add(
        StaffLink(
            staff_id=actor.staff_id,
            address_id=owner.address_id,
            resident_id=owner.resident_id,
            linked_at=now(),
        )
    )
    await session.flush()


@pytest.mark.parametrize("act", ACTS)
async def test_nobody_handles_an_own_matter(sessions: Sessions, cast: Cast, act: str) -> None:
    actor = cast.here.staff[PROPERTY]
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, LIFT)
        await be(session, actor, cast)
    async with sessions.begin() as session:
        with pytest.raises(NotAllowed, match="own_matter"):
            await ACTS[act](session, actor, need)
        assert not await may_handle(session, actor, need)
        assert await may_handle(session, cast.here.colleagues[PROPERTY], need)


async def test_nobody_gives_it_to_them_either(sessions: Sessions, cast: Cast) -> None:
    actor, colleague = cast.here.staff[PROPERTY], cast.here.colleagues[PROPERTY]
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, LIFT)
        await be(session, actor, cast)
        with pytest.raises(NotAllowed, match="own_matter"):
            await assign_need(session, colleague, need.id, actor.staff_id)
        suggested = await suggest_assignee(session, need, TEN)
        assert suggested is not None
        assert suggested.staff.id == colleague.staff_id


async def test_what_was_confided_is_not_read_as_staff(sessions: Sessions, cast: Cast) -> None:
    worker = cast.here.staff[TEAM]
    async with sessions.begin() as session:
        need = await report_need(
            session, cast.owner.resident_id, Report(kind="mental_health", words="睡不着")
        )
        session.add(NeedAssignment(need_id=need.id, staff_id=worker.staff_id, at=now()))
        await session.flush()
        readable = select(Need.id).where(readable_to(worker))
        assert await may_read(session, worker, need)
        assert (await session.scalars(readable)).all() == [need.id]
        await be(session, worker, cast)
        assert not await may_read(session, worker, need)
        assert (await session.scalars(readable)).all() == []


async def test_nobody_is_called_about_themselves(sessions: Sessions, cast: Cast) -> None:
    worker = cast.here.staff[TEAM]
    with time_machine.travel(TEN, tick=False):
        async with sessions.begin() as session:
            await be(session, worker, cast)
            await report_crisis(session, cast.owner.resident_id, Danger.SELF_HARM, "不想活了", at=TEN)
            called = (await session.scalars(select(AlertCall.staff_id))).all()
            alert = (await session.scalars(select(Alert))).one()
        assert worker.staff_id not in called
        async with sessions.begin() as session:
            with pytest.raises(NotAllowed, match="own_matter"):
                await take_alert(session, worker, alert.id)


async def test_nobody_calls_back_about_an_own_matter(sessions: Sessions, cast: Cast) -> None:
    actor = cast.here.colleagues[COMMITTEE]
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, LIFT)
        assert actor.staff_id in {person.id for person in await find_callers(session, need, TEN)}
        await be(session, actor, cast)
        assert actor.staff_id not in {person.id for person in await find_callers(session, need, TEN)}


async def test_nobody_rates_own_work_but_a_colleagues(sessions: Sessions, cast: Cast) -> None:
    handler, other = cast.here.staff[PROPERTY], cast.here.colleagues[PROPERTY]
    owner = cast.owner.resident_id
    with time_machine.travel(TEN, tick=True) as clock:
        async with sessions.begin() as session:
            await be(session, other, cast)
            need = await report_need(session, owner, LIFT)
            await accept_need(session, handler, need.id)
            await resolve_need(session, handler, need.id, "修好了", survey_at=TEN)
            survey = await take_due_survey(session, TEN + timedelta(minutes=1), SurveyTimes())
            assert survey is not None
        clock.shift(timedelta(minutes=2))
        async with sessions.begin() as session:
            await answer_solved(session, owner, survey.id, solved=True)
            assert (await rate_need(session, owner, survey.id, 4)).score == 4
            await be(session, handler, cast)
            with pytest.raises(NotAllowed, match="rating_own_work"):
                await rate_need(session, owner, survey.id, 5)
