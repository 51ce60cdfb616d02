"""What others do in a dialogue: staff accept, answer and resolve, the worker asks whether it is solved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.needs.models import Need
from community.needs.usecases.staff import accept_need, answer_resident, resolve_need
from community.outbox.usecases import Buttons
from community.surveys.asking import SurveyTimes, survey_buttons, take_due_survey
from tests.cast import Cast

Act = Callable[[AsyncSession, Cast, Need, str], Awaitable[Buttons]]


async def _accept(session: AsyncSession, cast: Cast, need: Need, _: str) -> Buttons:
    await accept_need(session, _lead(cast, need), need.id)
    return ()


async def _answer(session: AsyncSession, cast: Cast, need: Need, words: str) -> Buttons:
    await answer_resident(session, _lead(cast, need), need.id, words)
    return ()


async def _resolve(session: AsyncSession, cast: Cast, need: Need, words: str) -> Buttons:
    await resolve_need(session, _lead(cast, need), need.id, words, survey_at=now())
    return ()


async def _ask(session: AsyncSession, _: Cast, __: Need, ___: str) -> Buttons:
    survey = await take_due_survey(session, now(), SurveyTimes())
    assert survey is not None
    return survey_buttons(survey.id)


def _lead(cast: Cast, need: Need) -> StaffActor:
    return next(actor for actor in cast.here.staff.values() if actor.party_id == need.lead_party_id)


ACTS: Mapping[str, Act] = {
    "accept": _accept,
    "answer": _answer,
    "resolve": _resolve,
    "ask whether solved": _ask,
}
