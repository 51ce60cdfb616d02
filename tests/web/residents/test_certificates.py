"""Certificates: issued over what was done, opened as a PDF, verified by anybody, and nobody else's to open."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import httpx
import pypdfium2
import pytest
import time_machine
from sqlalchemy import text

from community.activities.models import Part
from community.parties.models import PartyType
from community.signups.certificates import issue_certificate
from community.signups.usecases.arriving import check_in_by_leader
from community.signups.usecases.ending import end_shift
from community.signups.usecases.joining import join_shift
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, SATURDAY, make_plan, publish
from tests.web.residents.conftest import Browsers
from tests.web.residents.test_activities import send


async def serve(sessions: Sessions, cast: Cast, resident_id: UUID) -> None:
    """Two hours of service on the Saturday."""
    with time_machine.travel(MONDAY):
        shift_id = await publish(sessions, cast, make_plan())
        async with sessions.begin() as session:
            held = await join_shift(session, resident_id, shift_id, Part.VOLUNTEER)
    with time_machine.travel(SATURDAY):
        async with sessions.begin() as session:
            await check_in_by_leader(session, cast.here.staff[PartyType.COMMITTEE], held.sign_up.id)
    async with sessions.begin() as session:
        await end_shift(session, SATURDAY + timedelta(hours=5), shift_id)


def words_of(answer: httpx.Response) -> str:
    """The words on the only page of a PDF."""
    assert answer.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    assert len(document) == 1
    found: str = document[0].get_textpage().get_text_range()
    return found


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "参加志愿服务 1 次，累计 2"), ("en", "2 hours in all")]
)
async def test_a_certificate_from_service_to_verification(
    sessions: Sessions, cast: Cast, browsers: Browsers, language: str, said: str
) -> None:
    await serve(sessions, cast, cast.owner.resident_id)
    async with sessions.begin() as session:
        change = text("UPDATE residents SET language = :language")
        await session.execute(change, {"language": language})
    done = await send(browsers.owner, "/m/shifts", "/m/certificates", name="王秀英")
    assert done.status_code == 303
    address = done.headers["location"]
    page = words_of(await browsers.owner.get(address)).replace("\r\n", "")
    assert "王秀英" in page
    assert said in page
    number = address.rpartition("/")[2].upper()
    assert number in page
    assert (await browsers.neighbour.get(address)).status_code == 404
    assert (await browsers.nobody.get(address)).status_code == 401
    seen = (await browsers.nobody.get("/verify", params={"number": number.lower()})).text
    assert "王＊＊" in seen
    assert "王秀英" not in seen


async def test_a_number_that_is_none(browsers: Browsers) -> None:
    page = await browsers.nobody.get("/verify", params={"number": "AAAAA-22222"})
    assert page.status_code == 200
    assert 'role="alert"' in page.text


async def test_signs_that_no_number_holds(browsers: Browsers) -> None:
    assert (await browsers.nobody.get("/verify?number=%00")).status_code == 200
    assert (await browsers.nobody.get("/verify?number=AAAAA%00-22222")).status_code == 200
    assert (await browsers.owner.get("/m/certificates/%00")).status_code == 404
    assert (await browsers.nobody.get("/calendar/community/%00.ics")).status_code == 404


async def test_the_first_one_fixes_the_name(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    await serve(sessions, cast, cast.owner.resident_id)
    assert (await send(browsers.owner, "/m/shifts", "/m/certificates", name="王秀英")).status_code == 303
    lent = await send(browsers.owner, "/m/shifts", "/m/certificates", name="张三")
    assert lent.status_code == 422
    assert "王秀英" in lent.text
    assert (await send(browsers.owner, "/m/shifts", "/m/certificates", name=" 王秀英")).status_code == 303


async def test_certificates_are_drawn_so_often_an_hour(
    sessions: Sessions, cast: Cast, browsers: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.residents.certificates.MOST_DRAWN", 1)
    await serve(sessions, cast, cast.owner.resident_id)
    async with sessions.begin() as session:
        made = await issue_certificate(session, cast.owner.resident_id, "王秀英")
    answers = [await browsers.owner.get(f"/m/certificates/{made.number}") for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 429]


async def test_nothing_done_is_nothing_to_certify(cast: Cast, browsers: Browsers) -> None:
    refused = await send(browsers.owner, "/m/me", "/m/certificates", name="王秀英")
    assert refused.status_code == 422
    assert "还没有服务记录" in refused.text


async def test_the_name_is_sealed_at_rest(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    await serve(sessions, cast, cast.owner.resident_id)
    assert (await send(browsers.owner, "/m/shifts", "/m/certificates", name=" ")).status_code == 422
    async with sessions.begin() as session:
        await issue_certificate(session, cast.owner.resident_id, "王秀英")
    async with sessions() as session:
        stored = (await session.execute(text("SELECT name FROM certificates"))).scalar_one()
    assert "王秀英" not in stored
