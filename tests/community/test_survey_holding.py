"""Surveys that wait: one question at a time, the channel's window, who stopped us; asked at the next contact."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select, update

from channels.delivery import Delivery
from channels.registry import make_channels
from community.clock import now
from community.needs.models import Need, NeedState
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import accept_need, resolve_need
from community.parties.models import PartyType
from community.residents.models import Address, AddressState
from community.residents.reach import Unreachable, find_reach
from community.surveys.asking import SurveyTimes, take_due_survey
from community.surveys.models import HeldFor, Survey, SurveyState
from community.surveys.usecases import answer_solved
from linli.database import Sessions
from linli.settings import Settings
from scheduler.jobs.surveys import surveys
from scheduler.tools import Tools
from tests.cast import Cast

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WINDOWS = {"web": 2 * DAY}
TIMES = SurveyTimes(windows=WINDOWS)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def tools(sessions: Sessions) -> Tools:
    return Tools(sessions, Delivery(sessions, make_channels(Settings(), sessions), hold_after=DAY), TIMES)


async def _solve(sessions: Sessions, cast: Cast, survey_at: datetime, *, phone: str = "") -> UUID:
    lead = cast.here.staff[PartyType.PROPERTY_COMPANY]
    async with sessions.begin() as session:
        made = Report(kind="elevator", words=f"电梯坏了{phone}")
        need = await report_need(session, cast.owner.resident_id, made)
        await accept_need(session, lead, need.id)
        await resolve_need(session, lead, need.id, "修好了", survey_at=survey_at)
        return need.id


async def _survey(sessions: Sessions, need_id: UUID) -> Survey:
    async with sessions() as session:
        return (await session.scalars(select(Survey).where(Survey.need_id == need_id))).one()


async def _seen(sessions: Sessions, at: datetime, state: AddressState = AddressState.ACTIVE) -> None:
    async with sessions.begin() as session:
        await session.execute(update(Address).values(last_seen_at=at, state=state))


async def test_how_a_person_is_reached(sessions: Sessions, cast: Cast) -> None:
    await _seen(sessions, MONDAY)
    async with sessions() as session:
        owner = cast.owner.resident_id
        assert (await find_reach(session, owner, MONDAY + 47 * HOUR, WINDOWS)).may_write
        over = await find_reach(session, owner, MONDAY + 48 * HOUR, WINDOWS)
        assert (over.address, over.why_not) == (None, Unreachable.WINDOW_OVER)
        assert (await find_reach(session, owner, MONDAY + 48 * HOUR, {})).may_write
    await _seen(sessions, MONDAY, AddressState.STOPPED)
    async with sessions.begin() as session:
        assert (await find_reach(session, owner, MONDAY, {})).why_not is Unreachable.STOPPED
        await session.execute(update(Address).values(resident_id=cast.neighbour.resident_id))
        assert (await find_reach(session, owner, MONDAY, {})).why_not is Unreachable.NO_CHANNEL


@pytest.mark.parametrize(
    ("state", "why"),
    [(AddressState.ACTIVE, HeldFor.WINDOW_OVER), (AddressState.STOPPED, HeldFor.STOPPED)],
)
async def test_it_is_asked_at_the_next_contact_after_what_they_came_for(
    sessions: Sessions, cast: Cast, tools: Tools, state: AddressState, why: HeldFor
) -> None:
    need_id = await _solve(sessions, cast, MONDAY + 3 * DAY)
    await _seen(sessions, MONDAY, state)
    assert await surveys(tools, MONDAY + 3 * DAY) == 1
    waits = await _survey(sessions, need_id)
    assert (waits.state, waits.held_for, waits.asked_at) == (SurveyState.PLANNED, why, None)
    assert await surveys(tools, MONDAY + 4 * DAY) == 0
    await _seen(sessions, MONDAY + 5 * DAY)  # they write about something else
    assert await surveys(tools, MONDAY + 5 * DAY + timedelta(minutes=1)) == 0
    assert await surveys(tools, MONDAY + 5 * DAY + timedelta(minutes=2)) == 1
    asked = await _survey(sessions, need_id)
    assert (asked.state, asked.held_for) == (SurveyState.ASKED, why)
    assert await surveys(tools, MONDAY + 5 * DAY + HOUR) == 0


async def test_who_never_comes_back_is_not_asked_and_the_need_is_closed(
    sessions: Sessions, cast: Cast, tools: Tools
) -> None:
    need_id = await _solve(sessions, cast, MONDAY + 3 * DAY)
    await _seen(sessions, MONDAY)
    await surveys(tools, MONDAY + 3 * DAY)
    assert await surveys(tools, MONDAY + 14 * DAY) == 1
    async with sessions() as session:
        need = await session.get_one(Need, need_id)
    assert need.state is NeedState.CLOSED
    ended = await _survey(sessions, need_id)
    assert (ended.state, ended.held_for) == (SurveyState.EXPIRED, HeldFor.WINDOW_OVER)


async def test_no_reminder_goes_where_it_cannot_arrive(sessions: Sessions, cast: Cast, tools: Tools) -> None:
    need_id = await _solve(sessions, cast, MONDAY + HOUR)
    await _seen(sessions, MONDAY)
    await surveys(tools, MONDAY + HOUR)
    assert await surveys(tools, MONDAY + 49 * HOUR) == 1
    silent = await _survey(sessions, need_id)
    assert (silent.state, silent.reminded_at) == (SurveyState.ASKED, None)


async def test_one_question_at_a_time_and_one_a_day(sessions: Sessions, cast: Cast, tools: Tools) -> None:
    first = await _solve(sessions, cast, MONDAY)
    second = await _solve(sessions, cast, MONDAY + HOUR)
    await _seen(sessions, MONDAY + 6 * DAY)
    await surveys(tools, MONDAY + HOUR)
    waits = await _survey(sessions, second)
    assert (waits.state, waits.held_for) == (SurveyState.PLANNED, HeldFor.ANOTHER_QUESTION)
    assert waits.due_at == MONDAY + HOUR + DAY
    async with sessions.begin() as session:
        survey = await _survey(sessions, first)
        await answer_solved(session, cast.owner.resident_id, survey.id, solved=True)
    await surveys(tools, MONDAY + 2 * HOUR)
    assert (await _survey(sessions, second)).asked_at is None  # answered, but today was asked already
    await surveys(tools, MONDAY + 2 * HOUR + DAY)
    assert (await _survey(sessions, second)).state is SurveyState.ASKED


async def test_two_workers_at_once_ask_one_question(sessions: Sessions, cast: Cast) -> None:
    needs = [await _solve(sessions, cast, MONDAY) for _ in range(2)]
    planned = [await _survey(sessions, need_id) for need_id in needs]

    async def take(survey: Survey) -> None:
        async with sessions.begin() as session:
            await take_due_survey(session, now(), SurveyTimes(), survey.id)

    await asyncio.gather(*(take(survey) for survey in planned))
    states = {(await _survey(sessions, need_id)).state for need_id in needs}
    assert states == {SurveyState.ASKED, SurveyState.PLANNED}


async def test_the_next_round_of_one_need_is_asked_the_same_day(sessions: Sessions, cast: Cast) -> None:
    need_id = await _solve(sessions, cast, MONDAY)
    lead = cast.here.staff[PartyType.PROPERTY_COMPANY]
    async with sessions.begin() as session:
        await take_due_survey(session, now(), SurveyTimes())
        survey = (await session.scalars(select(Survey))).one()
        await answer_solved(session, cast.owner.resident_id, survey.id, solved=False)
        await resolve_need(session, lead, need_id, "换了主板", survey_at=now())
    async with sessions.begin() as session:
        again = await take_due_survey(session, now(), SurveyTimes())
        assert again is not None
        assert (again.round, again.state) == (2, SurveyState.ASKED)
