"""What I allowed, who looked, and "social workers only": on the person's own pages, for the person alone."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from community.clock import now
from community.consents.models import Consent, ConsentField, ConsentState
from community.consents.usecases import Sharing, ask_consent
from community.errors import NotFound
from community.needs.models import Need, NeedState, Visibility
from community.needs.queries import get_need_page
from community.needs.usecases.privacy import keep_private
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import accept_need, assign_need
from community.parties.models import PartyType
from community.parts.models import NeedPart, PartState
from community.parts.usecases import accept_part, ask_part
from linli.database import Sessions
from tests.cast import Cast
from tests.web.residents.conftest import Browsers, form_of


@pytest.fixture
async def consent(sessions: Sessions, cast: Cast) -> Consent:
    """A social worker asks the owner whether the property company may know the building."""
    worker = cast.here.staff[PartyType.SOCIAL_WORK_TEAM]
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, Report("mental_health", "睡不着"))
        await assign_need(session, worker, need.id, worker.staff_id)
        await get_need_page(session, worker, need.id)
        sharing = Sharing((ConsentField.PLACE,), "帮您装扶手", now() + timedelta(days=9))
        party = cast.here.parties[PartyType.PROPERTY_COMPANY].id
        return await ask_consent(session, worker, need.id, party, sharing)


async def _tap(browser: httpx.AsyncClient, path: str, status: int = 303, **fields: str) -> None:
    form = await form_of(browser, "/m/me", **fields)
    assert (await browser.post(path, data=form)).status_code == status


async def _state(sessions: Sessions, consent: Consent) -> ConsentState:
    async with sessions() as session:
        return (await session.get_one(Consent, consent.id)).state


async def test_yes_and_back_with_one_tap_each(
    browsers: Browsers, sessions: Sessions, consent: Consent
) -> None:
    page = (await browsers.owner.get("/m/allowed")).text
    for words in ("榕树社区物业", "帮您装扶手", "您的楼栋", "等您回答", "可以", "不行"):
        assert words in page
    await _tap(browsers.owner, f"/m/allowed/{consent.id}", answer="yes")
    assert await _state(sessions, consent) is ConsentState.GIVEN
    assert "收回" in (await browsers.owner.get("/m/allowed?done=agreed")).text
    await _tap(browsers.owner, f"/m/allowed/{consent.id}", answer="stop")
    assert await _state(sessions, consent) is ConsentState.WITHDRAWN
    await _tap(browsers.owner, f"/m/allowed/{consent.id}", 409, answer="yes")


async def test_nobody_else_answers(browsers: Browsers, sessions: Sessions, consent: Consent) -> None:
    for other in (browsers.neighbour, browsers.stranger):
        await _tap(other, f"/m/allowed/{consent.id}", 404, answer="yes")
        assert "帮您装扶手" not in (await other.get("/m/allowed")).text
    await _tap(browsers.owner, f"/m/allowed/{consent.id}", 400, answer="maybe")
    assert await _state(sessions, consent) is ConsentState.ASKED


async def test_who_looked_is_on_the_page_of_the_need(browsers: Browsers, consent: Consent) -> None:
    page = (await browsers.owner.get(f"/m/needs/{consent.need_id}")).text
    assert "谁看过" in page
    assert "榕树社区社工站 banyan.social_work_team" in page
    assert "看了这件事" in page
    assert (await browsers.neighbour.get(f"/m/needs/{consent.need_id}")).status_code == 404


async def test_a_matter_becomes_one_for_social_workers_alone(
    browsers: Browsers, sessions: Sessions, cast: Cast
) -> None:
    company, committee = (
        cast.here.staff[party] for party in (PartyType.PROPERTY_COMPANY, PartyType.COMMITTEE)
    )
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, Report("noise", "楼上天天吵"))
        await accept_need(session, committee, need.id)
        part = await ask_part(session, committee, need.id, company.party_id, "去看看")
    assert "只让社工看" in (await browsers.owner.get(f"/m/needs/{need.id}")).text
    await _tap(browsers.neighbour, f"/m/needs/{need.id}/private", 404)
    await _tap(browsers.owner, f"/m/needs/{need.id}/private")
    page = (await browsers.owner.get(f"/m/needs/{need.id}?done=private")).text
    assert "从现在起只有社工看得到" in page
    assert "对，只让社工看" not in page
    async with sessions.begin() as session:
        kept = await session.get_one(Need, need.id)
        assert (kept.visibility, kept.state) == (Visibility.CONFIDENTIAL, NeedState.ROUTED)
        assert await session.scalar(select(Need.terms).where(Need.id == need.id)) == []
        assert kept.lead_party_id == cast.here.parties[PartyType.SOCIAL_WORK_TEAM].id
        assert (await session.scalars(select(NeedPart.state))).all() == [PartState.CANCELLED]
        for actor in (committee, company):
            with pytest.raises(NotFound):
                await get_need_page(session, actor, need.id)
        with pytest.raises(NotFound):
            await accept_part(session, company, part.id)
        again = await keep_private(session, cast.owner.resident_id, need.id)
        assert again.lead_party_id == kept.lead_party_id
