"""Sharing a confidential need at the console: the form, what the other party's page holds, photos, the log of views."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from community.clock import now
from community.consents.models import Consent
from community.consents.usecases import answer_consent, withdraw_consent
from community.files.usecases import add_file
from community.needs.models import Need, NeedView
from community.needs.usecases.residents import Report, report_need
from community.needs.usecases.staff import assign_need
from community.outbox.models import OutboxMessage
from community.parties.models import PartyType
from community.residents.models import Resident
from linli.database import Sessions
from linli.file_store import store_file
from linli.settings import Settings
from tests.cast import Cast
from tests.web.staff.conftest import LOW_MOOD, SECRET, Browser, OpenDesk, actor_of

WORKER, COMPANY = "here.social_work_team", "here.property_company"
PHONE, NAME = "13912345678", "王阿姨"
SHARED = re.compile(r"/staff/shared/([0-9a-f-]{36})")


@pytest.fixture
async def photo(settings: Settings, sessions: Sessions, cast: Cast) -> str:
    """A photo of the owner."""
    file_id = store_file(settings.files_dir, b"\xff\xd8")
    async with sessions.begin() as session:
        size = {"size": 2, "width": 1, "height": 1}
        await add_file(session, cast.owner.resident_id, file_id, media_type="image/jpeg", **size)
    return str(file_id)


@pytest.fixture
async def taken(sessions: Sessions, cast: Cast, photo: str) -> Need:
    """Something confidential with a photo, that a social worker has taken."""
    worker = actor_of(cast, WORKER)
    async with sessions.begin() as session:
        resident = await session.get_one(Resident, cast.owner.resident_id)
        resident.name, resident.phone = NAME, PHONE
        told = Report(LOW_MOOD, SECRET, cast.here.unit.id, file_ids=(UUID(photo),))
        need = await report_need(session, cast.owner.resident_id, told)
        await assign_need(session, worker, need.id, worker.staff_id)
    return need


async def _ask(desk: Browser, cast: Cast, need: Need, status: int = 303, **fields: str) -> str:
    party = str(cast.here.parties[PartyType.PROPERTY_COMPANY].id)
    until = (now() + timedelta(days=20)).date().isoformat()
    form = {
        "party_id": party,
        "purpose": "帮您装扶手",
        "until": until,
        "field_phone": "1",
        "field_place": "1",
    }
    return (await desk.post(f"/staff/needs/{need.id}/consents", status, **form | fields)).text


async def test_nobody_is_asked_for_a_yes_to_nothing(
    open_desk: OpenDesk, cast: Cast, taken: Need, sessions: Sessions
) -> None:
    worker = await open_desk(actor_of(cast, WORKER))
    page = (await worker.get(f"/staff/needs/{taken.id}")).text
    assert all(f'name="field_{field}"' in page for field in ("name", "phone", "place", "words", "photos"))
    assert "还不知道、没法告诉的" not in page
    async with sessions.begin() as session:
        resident = await session.get_one(Resident, cast.owner.resident_id)
        resident.name = resident.phone = None
    page = (await worker.get(f"/staff/needs/{taken.id}")).text
    assert 'name="field_phone"' not in page
    assert "还不知道、没法告诉的：称呼、电话" in page


async def _agree(sessions: Sessions, cast: Cast) -> Consent:
    async with sessions.begin() as session:
        consent = (await session.scalars(select(Consent))).one()
        await answer_consent(session, cast.owner.resident_id, consent.id, agree=True)
        return consent


async def test_the_party_sees_only_what_was_agreed_to(
    open_desk: OpenDesk, cast: Cast, taken: Need, sessions: Sessions, photo: str
) -> None:
    worker, company = await open_desk(actor_of(cast, WORKER)), await open_desk(actor_of(cast, COMPANY))
    assert 'data-act="consent"' in (await worker.get(f"/staff/needs/{taken.id}")).text
    await _ask(worker, cast, taken)
    assert "等居民回答" in (await worker.get(f"/staff/needs/{taken.id}")).text
    assert SHARED.findall((await company.get("/staff/parts")).text) == []
    consent = await _agree(sessions, cast)
    listed = (await company.get("/staff/parts")).text
    assert set(SHARED.findall(listed)) == {str(consent.id)}
    page = (await company.get(f"/staff/shared/{consent.id}")).text
    for words in ("帮您装扶手", PHONE, "3号楼", "接下"):
        assert words in page
    for words in (SECRET, NAME, taken.code, "心里的事", "2单元", str(taken.id), photo):
        assert words not in page
        assert words not in listed
    await company.get(f"/staff/needs/{taken.id}", 404)
    await company.get(f"/staff/shared/{consent.id}/photos/{photo}", 404)
    await company.post(f"/staff/shared/{consent.id}/accept")
    await company.post(f"/staff/shared/{consent.id}/finish", words="装好了两处")
    told = (await worker.get(f"/staff/needs/{taken.id}")).text
    for words in ("居民同意告诉榕树社区物业", "装好了两处", "问居民：能不能告诉榕树社区物业"):
        assert words in told


async def test_withdrawn_is_gone_at_once(
    open_desk: OpenDesk, cast: Cast, taken: Need, sessions: Sessions
) -> None:
    worker, company = await open_desk(actor_of(cast, WORKER)), await open_desk(actor_of(cast, COMPANY))
    await _ask(worker, cast, taken)
    consent = await _agree(sessions, cast)
    await company.get(f"/staff/shared/{consent.id}")
    async with sessions.begin() as session:
        await withdraw_consent(session, cast.owner.resident_id, consent.id)
    await company.get(f"/staff/shared/{consent.id}", 404)
    await company.post(f"/staff/shared/{consent.id}/accept", 404)
    assert str(consent.id) not in (await company.get("/staff/parts")).text
    assert "居民收回了同意" in (await worker.get(f"/staff/needs/{taken.id}")).text


async def test_photos_are_shown_only_where_they_were_asked_for(
    open_desk: OpenDesk, cast: Cast, taken: Need, sessions: Sessions, photo: str
) -> None:
    worker, company = await open_desk(actor_of(cast, WORKER)), await open_desk(actor_of(cast, COMPANY))
    await _ask(worker, cast, taken, field_photos="1")
    consent = await _agree(sessions, cast)
    assert photo in (await company.get(f"/staff/shared/{consent.id}")).text
    await company.get(f"/staff/shared/{consent.id}/photos/{photo}")
    await company.get(f"/staff/photos/{photo}", 404)


async def test_looking_at_a_photo_is_a_view_too(
    open_desk: OpenDesk, cast: Cast, taken: Need, sessions: Sessions, photo: str
) -> None:
    worker = await open_desk(actor_of(cast, WORKER))
    for _ in range(2):
        await worker.get(f"/staff/photos/{photo}")
    async with sessions() as session:
        assert (await session.scalars(select(NeedView.what))).all() == ["photo"]


async def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    open_desk: OpenDesk, cast: Cast, taken: Need, sessions: Sessions
) -> None:
    worker = await open_desk(actor_of(cast, WORKER))
    page = await _ask(worker, cast, taken, 422, field_sentence="1", purpose="帮您修窗户")
    form = page[page.index('data-act="consent"') :].partition("</form>")[0]
    assert "请写上要告诉对方的那句话" in form
    assert "帮您修窗户" in form
    assert re.search(r'name="field_phone" value="1" checked', form)
    assert "请选到哪一天为止" in await _ask(worker, cast, taken, 422, until="2020-01-01")
    async with sessions() as session:
        assert (await session.scalars(select(OutboxMessage))).all() == []


async def test_the_worker_stops_sharing(
    open_desk: OpenDesk, cast: Cast, taken: Need, sessions: Sessions
) -> None:
    worker, company = await open_desk(actor_of(cast, WORKER)), await open_desk(actor_of(cast, COMPANY))
    await _ask(worker, cast, taken)
    consent = await _agree(sessions, cast)
    await company.post(f"/staff/consents/{consent.id}/take-back", 404)
    await worker.post(f"/staff/consents/{consent.id}/take-back")
    await company.get(f"/staff/shared/{consent.id}", 404)
