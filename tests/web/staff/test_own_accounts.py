"""Own accounts at the console: digits are shown, typed on a channel, seen, and ended; the link asks for sign-in."""

from __future__ import annotations

import re

from community.linking.usecases import Said, enter_code
from community.residents.usecases import meet_person
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


async def test_the_link_of_a_message_asks_for_sign_in(cast: Cast, open_desk: OpenDesk) -> None:
    desk = await open_desk(actor_of(cast, "here.committee"))
    desk.client.cookies.clear()
    answer = await desk.client.get(f"/staff/needs/{cast.owner.resident_id}")
    assert answer.status_code in (303, 307, 302)
    assert "/staff/sign-in" in answer.headers["location"]
