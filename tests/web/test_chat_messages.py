"""Messages through the chat's door: stored once and answered; bad input gets a clear answer and changes nothing."""

from __future__ import annotations

import asyncio
import json
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select

from community.inbox.models import InboundMessage
from community.residents.models import Resident
from linli.database import Sessions
from linli.settings import Settings
from tests.cast import Cast
from tests.channels.bot_stand_in import BotStandIn
from tests.web.conftest import Visit, say, serving, thread


async def _count(sessions: Sessions) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(InboundMessage)) or 0


async def test_words_are_stored_once_and_answered(visit: Visit, bot: BotStandIn) -> None:
    client, message_id = await visit(), str(uuid4())
    answers = await asyncio.gather(*(say(client, "电梯坏了", message_id) for _ in range(3)))
    assert [answer.json() for answer in answers] == [{"seq": 1}] * 3
    own, told = await thread(client, at_least=2)
    assert (own["from"], own["text"], own["id"]) == ("me", "电梯坏了", message_id)
    assert (told["from"], len(told["buttons"])) == ("linli", 2)
    assert bot.asked == ["电梯坏了"]


async def test_a_pressed_button_says_its_label_and_sends_our_payload(visit: Visit, bot: BotStandIn) -> None:
    client = await visit()
    await say(client, "电梯坏了")
    button = (await thread(client, at_least=2))[1]["buttons"][1]
    press = {"message": button["message"], "index": button["index"]}
    assert (
        await client.post("/chat/messages", json={"id": str(uuid4()), "button": press})
    ).status_code == 200
    assert (await thread(client, at_least=4))[2]["text"] == button["label"]
    assert bot.asked[1] == "/deny"


async def test_a_command_that_is_typed_is_words(visit: Visit, bot: BotStandIn) -> None:
    client = await visit()
    await say(client, '/report_need{"kind": "lift"}')
    assert (await thread(client, at_least=2))[0]["text"] == '/report_need{"kind": "lift"}'
    assert not bot.asked[0].startswith("/")


async def test_markup_and_marks_of_direction_come_back_as_harmless_text(visit: Visit) -> None:
    client = await visit()
    await client.post(
        "/chat/messages",
        content=json.dumps({"id": str(uuid4()), "text": "<b>x</b> a\u202eb\u200bc\ud800d\x00e\x07"}),
    )
    assert (await thread(client))[0]["text"] == "<b>x</b> abcde"


BAD = {
    "empty": ('{"id": "ID", "text": ""}', 422, "text_empty"),
    "blank": ('{"id": "ID", "text": " \\u200b\\n\\u0000 "}', 422, "text_empty"),
    "100,000 characters": (json.dumps({"id": "ID", "text": "长" * 100_000}), 413, "text_too_long"),
    "5,001 characters": (json.dumps({"id": "ID", "text": "长" * 5_001}), 413, "text_too_long"),
    "two megabytes": (json.dumps({"id": "ID", "text": "x" * 2_000_000}), 413, "text_too_long"),
    "no id": ('{"text": "x"}', 400, "request_unreadable"),
    "an id that is none": ('{"id": "1", "text": "x"}', 400, "request_unreadable"),
    "a number as text": ('{"id": "ID", "text": 5}', 400, "request_unreadable"),
    "a list": ("[]", 400, "request_unreadable"),
    "nothing": ("", 400, "request_unreadable"),
    "no JSON": ("{", 400, "request_unreadable"),
    "too deep": ("[" * 100_000, 400, "request_unreadable"),
    "a photo that is not there": ('{"id": "ID", "files": ["ID"]}', 422, "photo_gone"),
    "ten photos": (json.dumps({"id": "ID", "files": ["ID"] * 10}), 400, "request_unreadable"),
    "an unknown button": ('{"id": "ID", "button": {"message": "ID", "index": 0}}', 422, "button_gone"),
    "a negative button": (
        '{"id": "ID", "button": {"message": "ID", "index": -1}}',
        400,
        "request_unreadable",
    ),
}


@pytest.mark.parametrize(("body", "status", "error"), BAD.values(), ids=BAD.keys())
async def test_bad_input_gets_a_clear_answer_and_changes_nothing(
    visit: Visit, sessions: Sessions, body: str, status: int, error: str
) -> None:
    client = await visit()
    answer = await client.post("/chat/messages", content=body.replace("ID", str(uuid4())))
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["text"]
    assert await _count(sessions) == 0


async def test_bytes_that_are_no_utf8_are_unreadable(visit: Visit) -> None:
    answer = await (await visit()).post("/chat/messages", content=b'{"id": "\xff\xfe"}')
    assert answer.status_code == 400


async def test_errors_speak_the_language_of_the_page(visit: Visit) -> None:
    client = await visit(**{"Accept-Language": "en-GB"})
    assert "write a few words" in (await say(client, "")).json()["text"]


async def test_nobody_presses_the_button_of_somebody_else(visit: Visit) -> None:
    one, other = await visit(), await visit()
    await say(one, "电梯坏了")
    button = (await thread(one, at_least=2))[1]["buttons"][0]
    press = {"message": button["message"], "index": 0}
    answer = await other.post("/chat/messages", json={"id": str(uuid4()), "button": press})
    assert answer.json()["error"] == "button_gone"


async def test_too_many_messages_wait_for_their_turn(settings: Settings, visit: Visit) -> None:
    async with serving(settings.model_copy(update={"messages_per_minute": 2})) as address:
        client = await visit()
        client.base_url = httpx.URL(address)
        client.headers["Origin"] = address
        ids = [str(uuid4()) for _ in range(3)]
        answers = [await say(client, f"第{number}句", ids[number]) for number in range(3)]
        again = await say(client, "第0句", ids[0])
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert again.json() == answers[0].json(), "a repeat is none too many"


async def test_one_address_makes_only_so_many_new_people(settings: Settings) -> None:
    async with serving(settings.model_copy(update={"new_people_per_hour": 2})) as address:
        statuses = []
        for _ in range(3):
            async with httpx.AsyncClient(base_url=address, headers={"X-Linli": "1"}) as client:
                await client.get("/chat", headers={"X-Forwarded-For": str(uuid4())})
                statuses.append((await say(client, "你好")).status_code)
    assert statuses == [200, 200, 429]


async def test_the_community_comes_with_the_link(visit: Visit, cast: Cast, sessions: Sessions) -> None:
    client = await visit("/chat?c=river")
    assert "河畔社区" in (await client.get("/chat")).text
    await say(client, "你好")
    async with sessions() as session:
        newest = await session.scalar(
            select(Resident.community_id).order_by(Resident.created_at.desc()).limit(1)
        )
    assert newest == cast.there.community.id


async def test_the_database_away_is_said_and_nothing_is_acknowledged(
    visit: Visit, settings: Settings
) -> None:
    client = await visit()
    nowhere = settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:9/none"})
    async with serving(nowhere) as address:
        client.headers["Origin"] = address
        answer = await client.post(f"{address}/chat/messages", json={"id": str(uuid4()), "text": "你好"})
    assert (answer.status_code, answer.json()["error"]) == (503, "try_later")
    assert answer.headers["Retry-After"]
