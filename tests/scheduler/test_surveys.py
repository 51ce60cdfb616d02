"""The job of surveys: what is due is taken a step on, each by itself."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, text

from channels.delivery import Delivery
from channels.registry import make_channels
from community.clock import now
from community.needs.models import Need
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import accept_need, resolve_need
from community.parties.models import PartyType
from community.surveys.asking import SurveyTimes
from community.surveys.models import Survey, SurveyState
from linli.database import Sessions
from linli.settings import Settings
from scheduler.jobs.surveys import surveys
from scheduler.tools import Tools
from tests.cast import Cast


async def _resolve(sessions: Sessions, cast: Cast, minutes: int) -> Need:
    lead = cast.here.staff[PartyType.PROPERTY_COMPANY]
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, Report(kind="elevator", words="电梯坏了"))
        await accept_need(session, lead, need.id)
        await resolve_need(session, lead, need.id, "修好了", survey_at=now() + timedelta(minutes=minutes))
    return need


async def test_a_survey_that_cannot_be_asked_does_not_stop_the_next(sessions: Sessions, cast: Cast) -> None:
    odd, plain = await _resolve(sessions, cast, 1), await _resolve(sessions, cast, 2)
    async with sessions.begin() as session:
        sealed = text(
            "UPDATE needs SET words = 'sealed:1:lost:AAAA' WHERE id = :id"
        )  # with a key that nobody has
        await session.execute(sealed, {"id": odd.id})
    delivery = Delivery(sessions, make_channels(Settings(), sessions), hold_after=timedelta(hours=24))
    tools = Tools(sessions, delivery, SurveyTimes())
    assert await surveys(tools, now() + timedelta(minutes=5)) == 1
    async with sessions() as session:
        rows = (await session.execute(select(Survey.need_id, Survey.state))).all()
    assert {row.need_id: row.state for row in rows} == {
        odd.id: SurveyState.PLANNED,
        plain.id: SurveyState.ASKED,
    }
