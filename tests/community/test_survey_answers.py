"""Answers to "is it solved?" that come early, twice, or with words: what waits for the resident, and what is kept."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from community.clock import now
from community.errors import WrongState
from community.needs.models import Need, NeedEntry, NeedState
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import accept_need, resolve_need
from community.parties.models import PartyType
from community.surveys.models import Survey
from community.surveys.usecases import (
    SurveyTimes,
    answer_solved,
    rate_need,
    remark_on_survey,
    take_due_survey,
)
from community.surveys.waiting import find_waiting_needs, is_unanswered, is_unrated
from linli.database import Sessions
from tests.cast import Cast


async def _resolve(sessions: Sessions, cast: Cast) -> tuple[Need, Survey]:
    """A need that is done, with its survey planned for later."""
    lead = cast.here.staff[PartyType.PROPERTY_COMPANY]
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, Report(kind="elevator", words="电梯坏了"))
        await accept_need(session, lead, need.id)
        await resolve_need(session, lead, need.id, "修好了", survey_at=now() + timedelta(minutes=30))
        survey = (await session.scalars(select(Survey).where(Survey.need_id == need.id))).one()
    return need, survey


async def test_an_answer_before_the_question_counts_and_nothing_is_asked(
    sessions: Sessions, cast: Cast
) -> None:
    need, survey = await _resolve(sessions, cast)
    assert is_unanswered(survey, need)
    async with sessions.begin() as session:
        closed = await answer_solved(session, cast.owner.resident_id, survey.id, solved=True)
        assert closed.state is NeedState.CLOSED
        assert await take_due_survey(session, now() + timedelta(days=9), SurveyTimes()) is None


async def test_stars_are_waited_for_within_a_week(sessions: Sessions, cast: Cast) -> None:
    need, survey = await _resolve(sessions, cast)
    owner = cast.owner.resident_id
    async with sessions.begin() as session:
        assert await find_waiting_needs(session, owner) == {need.id}
        assert await find_waiting_needs(session, cast.neighbour.resident_id) == set()
        await answer_solved(session, owner, survey.id, solved=True)
        await session.flush()
        assert await find_waiting_needs(session, owner) == {need.id}
        with time_machine.travel(now() + timedelta(days=8)):
            assert await find_waiting_needs(session, owner) == set()
        rated = await rate_need(session, owner, survey.id, 4)
        assert not is_unrated(rated)
        await session.flush()
        assert await find_waiting_needs(session, owner) == set()


async def test_words_after_not_solved_reach_the_party_once(sessions: Sessions, cast: Cast) -> None:
    _, survey = await _resolve(sessions, cast)
    request = uuid4()
    for _ in range(2):
        async with sessions.begin() as session:
            await answer_solved(session, cast.owner.resident_id, survey.id, solved=False)
            await remark_on_survey(session, cast.owner.resident_id, survey.id, "修了又坏", request_id=request)
    for _ in range(2):
        async with sessions.begin() as session:
            await remark_on_survey(session, cast.owner.resident_id, survey.id, "真的", message_id=5)
    async with sessions() as session:
        words = await session.scalars(select(NeedEntry.words).order_by(NeedEntry.id))
        assert words.all() == ["修了又坏", "真的"]


async def test_an_answer_is_not_turned_round(sessions: Sessions, cast: Cast) -> None:
    _, survey = await _resolve(sessions, cast)
    async with sessions.begin() as session:
        await answer_solved(session, cast.owner.resident_id, survey.id, solved=True)
        with pytest.raises(WrongState):
            await answer_solved(session, cast.owner.resident_id, survey.id, solved=False)
