"""Who asks for another language in the chat finds the page in it as well."""

from __future__ import annotations

import pytest

from tests.dialogue.chat import Chat

pytestmark = pytest.mark.bot


async def test_a_language_chosen_in_the_chat_is_that_of_the_page(chat: Chat) -> None:
    await chat.open()
    assert '<html lang="zh' in (await chat.client.get("/chat")).text
    await chat.say("说英文")
    items = (await chat.client.get("/chat/thread")).json()["items"]
    assert [item["speaks"] for item in items] == [None, "en"]
    assert '<html lang="en' in (await chat.client.get("/chat")).text


async def test_a_language_chosen_on_the_page_is_that_of_the_chat(chat: Chat) -> None:
    await chat.open()
    await chat.client.post("/chat/language", json={"language": "en"})
    heard = await chat.say("居委会几点下班")
    assert "today" in heard[0].text
