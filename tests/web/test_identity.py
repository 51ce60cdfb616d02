"""The cookie of a visit: what it looks like, that nobody else's is taken, and where it is asked for."""

from __future__ import annotations

from http.cookies import SimpleCookie
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr

from linli.settings import Settings
from tests.channels.bot_stand_in import BotStandIn
from tests.web.conftest import Visit, say, serving, thread


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(address: str) -> None:
    async with httpx.AsyncClient() as client:
        given = SimpleCookie((await client.get(f"{address}/chat")).headers["set-cookie"])["linli"]
    assert (given["httponly"], given["samesite"], given["path"]) == (True, "lax", "/")


async def test_behind_https_it_is_a_host_cookie(settings: Settings) -> None:
    public = settings.model_copy(update={"public_url": "https://linli.example.org"})
    async with serving(public) as address, httpx.AsyncClient() as client:
        answer = await client.get(f"{address}/chat")
    given = SimpleCookie(answer.headers["set-cookie"])["__Host-linli"]
    assert (given["secure"], given["path"], given["domain"]) == (True, "/", "")
    assert "max-age=31536000" in answer.headers["strict-transport-security"]


@pytest.mark.parametrize(
    "forged",
    ["", "x", "W10.x.y", '["' + uuid4().hex + '",null].aaaa.bbbb'],
    ids=["empty", "letter", "parts", "names somebody"],
)
async def test_a_forged_cookie_opens_nothing(address: str, visit: Visit, forged: str) -> None:
    await say(await visit(), "这是我的话")
    async with httpx.AsyncClient(base_url=address, cookies={"linli": forged}) as client:
        assert (await client.get("/chat/thread")).status_code == 401
        answer = await client.post(
            "/chat/messages", json={"id": str(uuid4()), "text": "x"}, headers={"X-Linli": "1"}
        )
    assert (answer.status_code, answer.json()["error"]) == (401, "visitor_unknown")


async def test_a_cookie_signed_with_another_key_opens_nothing(
    settings: Settings, address: str, visit: Visit
) -> None:
    client = await visit()
    await say(client, "你好")
    other = settings.model_copy(update={"secret_key": SecretStr("of somebody else")})
    async with serving(other) as elsewhere:
        answer = await client.get(f"{elsewhere}/chat/thread")
    assert answer.status_code == 401


async def test_a_link_with_an_odd_code_opens_the_chat_all_the_same(address: str) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        assert (await client.get("/chat?c=%00")).status_code == 200


async def test_each_browser_sees_its_own_thread(visit: Visit) -> None:
    one, other = await visit(), await visit()
    await say(one, "只有我能看到")
    assert await thread(other) == []
    assert len(await thread(one, at_least=2)) == 2


async def test_looking_leaves_nothing_behind(visit: Visit, bot: BotStandIn) -> None:
    client = await visit()
    assert await thread(client) == []
    assert bot.asked == []


FOREIGN = {
    "no header of ours": {"X-Linli": ""},
    "a page of somebody else": {"Origin": "https://evil.example.org"},
    "a page without an address": {"Origin": "null"},
    "another port": {"Origin": "http://127.0.0.1:1"},
}


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN.keys())
@pytest.mark.parametrize("path", ["/chat/messages", "/chat/photos", "/chat/language"])
async def test_pages_of_somebody_else_change_nothing(
    visit: Visit, path: str, headers: dict[str, str]
) -> None:
    client = await visit()
    answer = await client.post(
        path, json={"id": str(uuid4()), "text": "x", "language": "en"}, headers=headers
    )
    assert (answer.status_code, answer.json()["error"]) == (403, "foreign_page")


async def test_the_chosen_language_is_kept_for_pages_and_bubbles(visit: Visit) -> None:
    client = await visit()
    await say(client, "你好")
    assert (await client.post("/chat/language", json={"language": "en"})).status_code == 200
    assert 'lang="en"' in (await client.get("/chat")).text
    told = (await thread(client, at_least=2))[1]
    assert told["text"].isascii()
    assert (await client.post("/chat/language", json={"language": "fr"})).status_code == 400
