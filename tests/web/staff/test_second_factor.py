"""The second factor: who needs it, setting it up, codes that are right once, and that nothing opens half way."""

from __future__ import annotations

import re
from base64 import b32decode
from datetime import timedelta

import httpx
import pytest
import time_machine
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import select, update

from community.access.invitations import invite, set_first_password
from community.access.passwords import hash_password
from community.audit.models import AuditAct
from community.clock import now
from community.parties.models import Staff
from linli.database import Sessions
from linli.settings import Settings
from tests.cast import Cast
from tests.scanning import scan_svg
from tests.web.conftest import serving
from tests.web.staff.conftest import Browser

SOCIAL_WORKER, CLERK, PASSWORD = "banyan.social_work_team", "banyan.committee", "a quiet afternoon"
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
KEY = re.compile(r"<code>([A-Z2-7 ]+)</code>")
PAGE = "/staff/second-factor"


@pytest.fixture
async def door(nobody: Browser, sessions: Sessions, cast: Cast) -> Browser:
    """The sign-in page in a browser; everybody of the cast has the same password."""
    async with sessions.begin() as session:
        await session.execute(update(Staff).values(password_hash=hash_password(PASSWORD)))
    found = CSRF.search((await nobody.client.get("/staff/sign-in")).text)
    assert found
    return Browser(nobody.client, found[1])


def code_of(key: str, *, ahead: int = 0) -> str:
    """What an authenticator app shows now, or so many half minutes later."""
    totp = TOTP(b32decode(key), 6, SHA1(), 30)
    return totp.generate(int(now().timestamp()) + 30 * ahead).decode()


async def _give_password(door: Browser, who: str = SOCIAL_WORKER) -> httpx.Response:
    return await door.post("/staff/sign-in", name=who, password=PASSWORD, next="/staff/reminders")


async def _set_up(door: Browser) -> str:
    """The key that the page shows the first time."""
    await _give_password(door)
    found = KEY.search((await door.get(PAGE)).text)
    assert found
    return found[1].replace(" ", "")


async def test_who_reads_nothing_confidential_needs_the_password_alone(door: Browser) -> None:
    assert (await _give_password(door, CLERK)).headers["location"] == "/staff/reminders"
    await door.get("/staff/needs")
    await door.get(PAGE, 303)


async def test_half_way_nothing_opens(door: Browser) -> None:
    answer = await _give_password(door)
    assert answer.headers["location"] == f"{PAGE}?next=%2Fstaff%2Freminders"
    for path in ("/staff", "/staff/needs", "/staff/own-accounts", "/staff/photos/0"):
        assert (await door.get(path, 303)).headers["location"].startswith("/staff/sign-in")


async def test_the_app_is_set_up_once_and_then_asked_for(door: Browser, sessions: Sessions) -> None:
    key = await _set_up(door)
    picture = await door.get(f"{PAGE}/key.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    scanned = scan_svg(picture.content)
    assert scanned.startswith("otpauth://totp/")
    assert f"secret={key}" in scanned
    assert (await door.get(PAGE)).headers["cache-control"] == "no-store"
    entered = await door.post(PAGE, code=code_of(key), next="/staff/reminders")
    assert entered.headers["location"] == "/staff/reminders"
    await door.get("/staff/needs")
    with time_machine.travel(now() + timedelta(minutes=5), tick=True):
        await _give_password(door)
        again = await door.get(PAGE)
        assert not KEY.search(again.text)
        assert key not in again.text.replace(" ", "")
        await door.get(f"{PAGE}/key.svg", 404)
        shown = code_of(key)
        await door.post(PAGE, code=f"{shown[:3]} {shown[3:]}", next="/staff")
        await door.get("/staff/needs")
    async with sessions() as session:
        acts = list(await session.scalars(select(AuditAct.act).order_by(AuditAct.id)))
    assert acts.count("second_factor_set") == 1
    assert acts.count("signed_in") == 2


async def test_a_code_opens_once_and_only_about_now(door: Browser) -> None:
    key = await _set_up(door)
    for wrong in (code_of(key, ahead=3), code_of(key, ahead=-3), "", "abcdef", "１２３４５６"):
        answer = await door.post(PAGE, 422, code=wrong)
        assert "验证码不对" in answer.text
    with time_machine.travel(now() + timedelta(hours=1), tick=False):  # a half minute would end meanwhile
        await _give_password(door)
        key = KEY.search((await door.get(PAGE)).text)[1].replace(" ", "")  # type: ignore[index]
        used = code_of(key, ahead=-1)  # a phone that is slow
        await door.post(PAGE, code=used)
        await _give_password(door)
        await door.post(PAGE, 422, code=used)


async def test_five_wrong_codes_close_it_for_a_while(door: Browser) -> None:
    key = await _set_up(door)
    for _ in range(5):
        await door.post(PAGE, 422, code="000000" if code_of(key) != "000000" else "000001")
    answer = await door.post(PAGE, 429, code=code_of(key))
    assert int(answer.headers["retry-after"]) > 0
    await door.get("/staff/needs", 303)


async def test_half_a_session_is_short_and_another_browser_has_none(
    door: Browser, settings: Settings
) -> None:
    key = await _set_up(door)
    async with serving(settings) as address, httpx.AsyncClient(base_url=address) as other:
        assert (await other.get(PAGE)).headers["location"] == "/staff/sign-in"
    with time_machine.travel(now() + timedelta(minutes=11), tick=True):
        answer = await door.post(PAGE, code=code_of(key))
        assert answer.headers["location"] == "/staff/sign-in?why=ended"


async def test_a_new_link_forgets_the_lost_phone(door: Browser, sessions: Sessions) -> None:
    key = await _set_up(door)
    await door.post(PAGE, code=code_of(key))
    async with sessions.begin() as session:
        staff = (await session.scalars(select(Staff).where(Staff.sign_in == SOCIAL_WORKER))).one()
        await set_first_password(session, await invite(session, staff.id), PASSWORD)
    assert await _set_up(door) != key


async def test_an_operator_may_do_without(door: Browser, settings: Settings) -> None:
    async with (
        serving(settings.model_copy(update={"second_factor": False})) as address,
        httpx.AsyncClient(base_url=address, headers={"Origin": address}) as client,
    ):
        found = CSRF.search((await client.get("/staff/sign-in")).text)
        assert found
        typed = {"csrf": found[1], "name": SOCIAL_WORKER, "password": PASSWORD}
        answer = await client.post("/staff/sign-in", data=typed)
        assert answer.headers["location"] == "/staff"
