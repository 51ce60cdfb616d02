"""Answers to "is it solved?" that come early, twice, or with words: what waits for the resident, and what is kept."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select

from community.clock import now
from community.errors import WrongState
from community.needs.models import Need, NeedEntry, NeedHistory, NeedState
from community.needs.usecases.residents import Report, report_need, withdraw_need
from community.needs.usecases.staff import accept_need, resolve_need
from community.outbox.models import OutboxMessage, OutboxState
from community.parties.models import PartyType
from community.search.index import stored
from community.search.phones import term_of_phone
from community.surveys.asking import SurveyTimes, take_due_survey
from community.surveys.models import Survey
from community.surveys.usecases import answer_solved, rate_need, remark_on_survey
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


@pytest.mark.parametrize("solved", [True, False])
async def test_who_has_answered_is_not_asked_by_what_is_still_queued(
    sessions: Sessions, cast: Cast, solved: bool
) -> None:
    _, survey = await _resolve(sessions, cast)
    async with sessions.begin() as session:
        assert await take_due_survey(session, now() + timedelta(hours=1), SurveyTimes()) is not None
    async with sessions.begin() as session:
        await answer_solved(session, cast.owner.resident_id, survey.id, solved=solved)
    async with sessions() as session:
        asked = select(OutboxMessage.state).where(OutboxMessage.message == "survey_ask")
        assert (await session.scalars(asked)).one() is OutboxState.SUPPRESSED


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


@pytest.mark.parametrize("solved", [True, False])
async def test_a_phone_said_with_the_answer_is_contact_and_stays_in_no_words(
    sessions: Sessions, cast: Cast, solved: bool
) -> None:
    need, survey = await _resolve(sessions, cast)
    owner = cast.owner.resident_id
    async with sessions.begin() as session:
        await answer_solved(session, owner, survey.id, solved=solved)
        await remark_on_survey(session, owner, survey.id, "还是打13812345678找我", message_id=7)
    async with sessions() as session:
        kept = await session.get_one(Need, need.id)
        assert kept.contact_phones == ["13812345678"]
        terms = await session.scalar(select(Need.terms).where(Need.id == need.id))
        assert set(stored([term_of_phone("13812345678")])) <= set(terms or ())
        said = (await session.get_one(Survey, survey.id)).words
        assert said == "还是打138****5678找我"
        entries = (await session.scalars(select(NeedEntry.words))).all()
        assert entries == ([] if solved else [said])


async def test_a_phone_stays_in_no_words_why_a_need_is_taken_back(sessions: Sessions, cast: Cast) -> None:
    owner = cast.owner.resident_id
    async with sessions.begin() as session:
        need = await report_need(session, owner, Report(kind="elevator", words="电梯坏了"))
        await withdraw_need(session, owner, need.id, "修好了，有事打13812345678")
    async with sessions() as session:
        why = await session.scalars(select(NeedHistory.why).order_by(NeedHistory.id.desc()))
        assert why.first() == "修好了，有事打138****5678"
        assert (await session.get_one(Need, need.id)).contact_phones == ["13812345678"]
