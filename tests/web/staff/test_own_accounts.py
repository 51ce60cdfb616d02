"""Own accounts at the console: digits are shown, typed on a channel, seen, and ended; the link asks for sign-in."""

from __future__ import annotations

import re

from community.linking.usecases import Said, enter_code
from community.needs.usecases.residents import Report, report_need
from community.residents.usecases import meet_person
from community.staff_reach.linking import link_staff
from linli.database import Sessions
from tests.cast import Cast
from tests.web.staff.conftest import OpenDesk, actor_of

DIGITS = re.compile(r'class="digits__code">(\d{3}) (\d{3})<')


async def test_an_account_is_linked_seen_and_ended(
    sessions: Sessions, cast: Cast, open_desk: OpenDesk
) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    assert "还没有连账号" in (await desk.client.get("/staff/own-accounts")).text
    found = DIGITS.search((await desk.post("/staff/own-accounts/code", 200)).text)
    assert found is not None
    async with sessions.begin() as session:
        known = await meet_person(session, "telegram", "li")
        typed = await enter_code(session, known.resident_id, known.address_id, found[1] + found[2])
    assert typed.said is Said.STAFF
    page = (await desk.client.get("/staff/own-accounts")).text
    assert "Telegram" in page
    assert f"/staff/own-accounts/{known.address_id}/end" in page
    await desk.post(f"/staff/own-accounts/{known.address_id}/end")
    assert "还没有连账号" in (await desk.client.get("/staff/own-accounts")).text


async def test_digits_are_counted(cast: Cast, open_desk: OpenDesk) -> None:
    desk = await open_desk(actor_of(cast, "here.property_company"))
    for _ in range(10):
        await desk.post("/staff/own-accounts/code", 200)
    await desk.post("/staff/own-accounts/code", 429)


async def test_an_own_matter_offers_nothing_and_says_so(
    sessions: Sessions, cast: Cast, open_desk: OpenDesk
) -> None:
    actor = actor_of(cast, "here.property_company")
    async with sessions.begin() as session:
        need = await report_need(session, cast.owner.resident_id, Report(kind="elevator", words="电梯停了"))
        await link_staff(session, actor.staff_id, cast.owner.resident_id, cast.owner.address_id)
    desk, other = await open_desk(actor), await open_desk(actor_of(cast, "here.property_company.2"))
    page = (await desk.get(f"/staff/needs/{need.id}")).text
    assert "由同事来办" in page
    assert f'action="/staff/needs/{need.id}/accept"' not in page
    assert f'action="/staff/needs/{need.id}/accept"' in (await other.get(f"/staff/needs/{need.id}")).text
    await desk.post(f"/staff/needs/{need.id}/accept", 422)


async def test_the_link_of_a_message_asks_for_sign_in(cast: Cast, open_desk: OpenDesk) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    desk.client.cookies.clear()
    answer = await desk.client.get(f"/staff/needs/{cast.owner.resident_id}")
    assert answer.status_code in (303, 307, 302)
    assert "/staff/sign-in" in answer.headers["location"]
