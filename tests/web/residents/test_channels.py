"""The person's channels on the page: digits, letting go, where notices go; for nobody else, and for no link."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import httpx
from sqlalchemy import func, select

from community.contact.models import ContactPreference
from community.linking.models import LinkCode
from community.linking.usecases import Said, enter_code
from community.residents.models import Address, Resident
from community.residents.queries import find_addresses
from community.residents.usecases import meet_person
from linli.database import Sessions
from tests.cast import Cast
from tests.web.residents.conftest import Browsers, form_of

DIGITS = re.compile(r'class="digits"[^>]*>(\d{3}) (\d{3})<')


async def send(browser: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    """Send a form of the page of channels."""
    form = await form_of(browser, "/m/me", **fields)
    return await browser.post(f"/m/me/channels{path}", data=form)


async def link(sessions: Sessions, browser: httpx.AsyncClient) -> UUID:
    """Link somebody on Telegram with the digits of the page; gives who both are then."""
    found = DIGITS.search((await send(browser, "/code")).text)
    assert found is not None
    async with sessions.begin() as session:
        known = await meet_person(session, "telegram", "zhang")
        typed = await enter_code(session, known.resident_id, known.address_id, found[1] + found[2])
    assert typed.said is Said.LINKED
    return known.resident_id


async def test_digits_of_the_page_link_another_channel(
    sessions: Sessions, cast: Cast, browsers: Browsers
) -> None:
    both = await link(sessions, browsers.owner)
    async with sessions() as session:
        assert await session.get(Resident, cast.owner.resident_id) is None
        channels = {address.channel for address in await find_addresses(session, both)}
    assert channels == {"web", "telegram"}
    page = (await browsers.owner.get("/m/me")).text
    assert "Telegram" in page
    assert "通知发到哪边" in page


async def test_where_notices_go(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    both = await link(sessions, browsers.owner)
    for said, kept in (("telegram", "telegram"), ("", None)):
        answer = await send(browsers.owner, "/where", channel=said)
        assert answer.headers["location"] == "/m/me?done=saved"
        async with sessions() as session:
            assert (await session.get_one(ContactPreference, both)).channel == kept
    assert (await send(browsers.owner, "/where", channel="wechat")).status_code == 422


async def test_letting_go(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    both = await link(sessions, browsers.owner)
    async with sessions() as session:
        wanted = select(Address.id).where(Address.resident_id == both, Address.channel == "telegram")
        address_id = (await session.scalars(wanted)).one()
    for other, status in ((browsers.neighbour, 404), (browsers.nobody, 401)):
        assert (await send(other, f"/{address_id}/unlink")).status_code == status
    assert (await send(browsers.owner, f"/{uuid4()}/unlink")).status_code == 404
    assert (await send(browsers.owner, f"/{address_id}/unlink")).status_code == 303
    async with sessions() as session:
        left = await find_addresses(session, both)
    assert {address.channel for address in left} == {"web"}
    own = next(address for address in left if address.id != cast.owner.address_id)
    assert (await send(browsers.owner, f"/{cast.owner.address_id}/unlink")).status_code == 303
    assert 'class="channel__end"' not in (await browsers.owner.get("/m/me")).text
    assert (await send(browsers.owner, f"/{own.id}/unlink")).status_code == 422


async def test_this_browser_lets_itself_go(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    async with sessions() as session:
        addresses = await find_addresses(session, cast.owner.resident_id)
    own = next(address for address in addresses if address.id != cast.owner.address_id)
    assert (await send(browsers.owner, f"/{own.id}/unlink")).status_code == 303
    assert "还没和邻里说过话" in (await browsers.owner.get("/m/needs")).text


async def test_who_came_by_a_link_gets_no_digits(sessions: Sessions, cast: Cast, browsers: Browsers) -> None:
    shown = await browsers.owner.post("/m/me/link", data=await form_of(browsers.owner, "/m/me"))
    found = re.search(r"/m/enter\?t=[^<\s]+", shown.text)
    assert found is not None
    entered = await browsers.nobody.get(found[0])
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', entered.text))
    await browsers.nobody.post("/m/enter", data=form)
    assert 'action="/m/me/channels/code"' not in (await browsers.nobody.get("/m/me")).text
    assert (await send(browsers.nobody, "/code")).status_code in (401, 403)
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(LinkCode)) == 0
