"""In and out of the console: the same words for unknown names, limits, sessions that end, invitations."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.access.invitations import invite
from community.access.models import SignInFailure, StaffSession
from community.access.passwords import hash_password
from community.actors import SYSTEM
from community.parties.models import PartyType, Staff
from community.parties.usecases import disable_staff
from linli.database import Sessions
from linli.settings import Settings
from tests.cast import Cast
from tests.web.conftest import serving
from tests.web.staff.conftest import Browser, OpenDesk, actor_of, make_client

NAME, PASSWORD = "banyan.property_company", "a quiet afternoon"
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
WRONG = "登录名或密码不对"


@pytest.fixture
async def door(nobody: Browser, sessions: Sessions, cast: Cast) -> Browser:
    """The sign-in page in a browser; everybody of the cast has the same password."""
    async with sessions.begin() as session:
        await session.execute(update(Staff).values(password_hash=hash_password(PASSWORD)))
    return await _at_door(nobody.client)


async def _at_door(client: httpx.AsyncClient, path: str = "/staff/sign-in") -> Browser:
    found = CSRF.search((await client.get(path)).text)
    assert found
    return Browser(client, found[1])


async def _count(session: AsyncSession, table: type[SignInFailure | StaffSession]) -> int:
    return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_signing_in_opens_the_queue_with_a_cookie_that_no_script_reads(door: Browser) -> None:
    answer = await door.post("/staff/sign-in", name=NAME, password=PASSWORD)
    assert answer.headers["location"] == "/staff"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("linli-staff=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    queue = await door.get("/staff/needs")
    assert queue.headers["cache-control"] == "no-store"
    assert NAME in queue.text


async def test_half_characters_are_a_wrong_password_like_any_other(door: Browser) -> None:
    fields = {"csrf": door.csrf, "name": NAME, "password": "+2AA-"}
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}'
        for name, value in fields.items()
    ]
    kind = {"content-type": "multipart/form-data; boundary=x; charset=utf-7"}
    answer = await door.client.post("/staff/sign-in", content="\r\n".join([*parts, "--x--"]), headers=kind)
    assert answer.status_code == 422
    assert WRONG in answer.text


async def test_behind_https_the_cookies_are_host_bound_and_secure(settings: Settings, cast: Cast) -> None:
    public = settings.model_copy(update={"public_url": "https://linli.example.org"})
    async with serving(public) as address, make_client(address) as client:
        cookie = (await client.get("/staff/sign-in")).headers["set-cookie"]
    assert cookie.startswith("__Host-linli-staff-form=")
    assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))


@pytest.mark.parametrize(("name", "password"), [("nobody.here", PASSWORD), (NAME, "not this one"), ("", "")])
async def test_unknown_names_and_wrong_passwords_read_the_same(
    door: Browser, name: str, password: str
) -> None:
    answer = await door.post("/staff/sign-in", 422, name=name, password=password)
    assert WRONG in answer.text
    assert password == "" or password not in answer.text
    await door.get("/staff/needs", 303)


async def test_five_failures_close_the_name_for_a_while_and_nobody_elses(
    door: Browser, sessions: Sessions
) -> None:
    for name in (NAME, NAME.upper(), f"  {NAME} ", NAME, NAME):
        await door.post("/staff/sign-in", 422, name=name, password="wrong")
    closed = await door.post("/staff/sign-in", 429, name=NAME, password=PASSWORD)
    assert 1000 < int(closed.headers["retry-after"]) <= 1801
    assert "30 分钟后再登录" in closed.text
    await door.post("/staff/sign-in", 303, name="banyan.committee", password=PASSWORD)
    async with sessions.begin() as session:
        await session.execute(text("UPDATE sign_in_failures SET at = at - interval '31 minutes'"))
    await door.post("/staff/sign-in", 303, name=NAME, password=PASSWORD)


async def test_an_address_that_tries_many_names_is_stopped(door: Browser) -> None:
    for number in range(20):
        await door.post("/staff/sign-in", 422, name=f"guess.{number}", password="wrong")
    await door.post("/staff/sign-in", 429, name=NAME, password=PASSWORD)


async def test_a_burst_of_tries_counts_like_single_ones(door: Browser, sessions: Sessions) -> None:
    tries = (
        door.client.post("/staff/sign-in", data={"csrf": door.csrf, "name": NAME, "password": str(number)})
        for number in range(12)
    )
    statuses = [answer.status_code for answer in await asyncio.gather(*tries)]
    assert sorted(statuses) == [422] * 5 + [429] * 7
    async with sessions() as session:
        assert await _count(session, SignInFailure) == 5


@pytest.mark.parametrize("forged", [{"csrf": "guess"}, {"csrf": ""}])
async def test_a_form_of_somebody_else_is_refused(door: Browser, forged: dict[str, str]) -> None:
    answer = await door.client.post("/staff/sign-in", data={"name": NAME, "password": PASSWORD, **forged})
    assert answer.status_code == 403
    await door.get("/staff/needs", 303)


async def test_a_page_of_another_origin_is_refused(door: Browser) -> None:
    form = {"csrf": door.csrf, "name": NAME, "password": PASSWORD}
    answer = await door.client.post("/staff/sign-in", data=form, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("asked", "opened"),
    [
        ("/staff/needs?scope=all&state=any", "/staff/needs?scope=all&state=any"),
        ("/staff/trouble", "/staff/trouble"),
        ("https://evil.example/staff/", "/staff"),
        ("//evil.example/staff/", "/staff"),
        ("/staff//evil.example", "/staff"),
        ("/staff/\\evil.example", "/staff"),
        ("/staff/../m", "/staff"),
        ("/chat", "/staff"),
        ("/staff/sign-in?next=/staff/sign-in", "/staff"),
        ("/staffed", "/staff"),
        ("javascript:alert(1)", "/staff"),
        ("//[", "/staff"),
    ],
)
async def test_one_comes_back_to_where_one_was_and_nowhere_else(
    door: Browser, asked: str, opened: str
) -> None:
    answer = await door.post("/staff/sign-in", name=NAME, password=PASSWORD, next=asked)
    assert answer.headers["location"] == opened


@pytest.mark.parametrize("odd", ["//[", "http://[", "http://[::1"])
async def test_what_is_no_address_breaks_neither_the_door_nor_a_page(
    nobody: Browser, open_desk: OpenDesk, cast: Cast, odd: str
) -> None:
    await nobody.get(f"/staff/sign-in?next={odd}")
    await nobody.get("/staff/needs", 303, **{"HX-Current-URL": odd})
    desk = await open_desk(actor_of(cast, "here.committee"))
    desk.client.headers.update({"HX-Request": "true", "HX-Current-URL": odd, "Referer": odd})
    await desk.post("/staff/roster/none", 404)
    await desk.post("/staff/sign-out", 303)


async def test_a_new_session_begins_with_each_sign_in(door: Browser, sessions: Sessions) -> None:
    await door.post("/staff/sign-in", name=NAME, password=PASSWORD)
    first = door.client.cookies["linli-staff"]
    await door.post("/staff/sign-in", name=NAME, password=PASSWORD)
    assert door.client.cookies["linli-staff"] != first
    async with sessions() as session:
        assert await _count(session, StaffSession) == 1


@pytest.mark.parametrize(
    "ended",
    ["used_at = used_at - interval '121 minutes'", "ends_at = ends_at - interval '13 hours'"],
)
async def test_a_session_that_ended_leads_to_the_door_with_a_kind_word(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions, ended: str
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    async with sessions.begin() as session:
        await session.execute(text(f"UPDATE staff_sessions SET {ended}"))
    answer = await desk.get("/staff/needs?scope=all", 303)
    assert answer.headers["location"] == "/staff/sign-in?next=%2Fstaff%2Fneeds%3Fscope%3Dall&why=ended"
    assert "请再登录一次" in (await desk.get(answer.headers["location"])).text
    shown = f"{desk.client.base_url}/staff/conversations"
    part = await desk.get("/staff/trouble", 401, **{"HX-Request": "true", "HX-Current-URL": shown})
    assert part.headers["hx-redirect"] == "/staff/sign-in?next=%2Fstaff%2Fconversations&why=ended"


async def test_who_is_disabled_is_out_at_once(open_desk: OpenDesk, cast: Cast, sessions: Sessions) -> None:
    actor = actor_of(cast, "here.committee")
    desk = await open_desk(actor)
    await desk.get("/staff/needs")
    async with sessions.begin() as session:
        await disable_staff(session, SYSTEM, actor.staff_id)
    await desk.get("/staff/needs", 303)


async def test_signing_out_ends_the_session_on_the_server(open_desk: OpenDesk, cast: Cast) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    token = desk.client.cookies["linli-staff"]
    await desk.get("/staff/sign-out", 405)
    answer = await desk.post("/staff/sign-out")
    assert "辛苦了" in (await desk.get(answer.headers["location"])).text
    desk.client.cookies.set("linli-staff", token)
    await desk.get("/staff/needs", 303)


async def test_the_console_speaks_the_language_that_was_chosen(open_desk: OpenDesk, cast: Cast) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    answer = await desk.post("/staff/language", language="en", next="/staff/trouble")
    assert answer.headers["location"] == "/staff/trouble"
    page = await desk.get("/staff/trouble")
    assert "Everything has arrived." in page.text
    assert '<html lang="en">' in page.text


async def test_the_entrance_speaks_both_languages_without_remembering(nobody: Browser) -> None:
    page = await nobody.get("/staff/sign-in?language=en")
    assert "Linli console" in page.text
    assert "linli_language" not in page.headers["set-cookie"]
    assert "邻里工作台" in (await nobody.get("/staff/sign-in")).text


async def test_an_invitation_sets_the_first_password_once(
    nobody: Browser, cast: Cast, sessions: Sessions
) -> None:
    actor = cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        path = f"/staff/invitation/{await invite(session, actor.staff_id)}"
    guest = await _at_door(nobody.client, path)
    assert actor.name in (await guest.get(path)).text
    for password, again, words in (
        ("short", "short", "8 到 128"),
        ("password1", "password1", "太常见"),
        (PASSWORD, "another one", "不一样"),
    ):
        assert words in (await guest.post(path, 422, password=password, again=again)).text
    answer = await guest.post(path, password=PASSWORD, again=PASSWORD)
    assert answer.headers["location"] == "/staff"
    await guest.get("/staff/needs")
    assert "用过了" in (await guest.get(path, 404)).text
    over = await guest.post(path, 422, password=PASSWORD, again=PASSWORD)
    assert "用过了" in over.text


async def test_an_invitation_of_somebody_disabled_is_over(
    nobody: Browser, cast: Cast, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        token = await invite(session, cast.street.staff_id)
        await disable_staff(session, SYSTEM, cast.street.staff_id)
    await nobody.get(f"/staff/invitation/{token}", 404)
