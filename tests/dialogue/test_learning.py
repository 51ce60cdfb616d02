"""What a conversation leaves for staff to learn from, and what it never leaves."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from community.learning.models import UnclearMessage
from linli.database import Sessions
from tests.dialogue.chat import Chat
from tests.dialogue.talk import Talk

pytestmark = pytest.mark.bot

NEVER = {
    "danger": ["我不想活了 东西都收拾好了"],
    "in the middle of a report": ["楼道里堆了好多杂物", "今天天气怎么样"],
    "a low mood": ["最近老是睡不着，也不想见人"],
    "what was understood": ["你好", "居委会几点下班"],
}


async def noted(sessions: Sessions) -> list[UnclearMessage]:
    async with sessions() as session:
        return sorted(await session.scalars(select(UnclearMessage)), key=lambda message: message.words)


async def test_what_is_not_understood_is_noted_with_its_vector(talk: Talk, sessions: Sessions) -> None:
    await talk.say("世界上最高的山是哪座")
    (row,) = await noted(sessions)
    assert row.words == "世界上最高的山是哪座"
    assert row.community_id == talk.cast.here.community.id
    assert len(row.vector or b"") == 1024


async def test_what_leads_to_a_person_is_masked_before(talk: Talk, sessions: Sessions) -> None:
    await talk.say("我叫王秀英，13800138000，世界上最高的山是哪座")
    rows = await noted(sessions)
    assert all("王秀英" not in row.words and "1380" not in row.words and row.vector is None for row in rows)


async def test_what_the_person_wanted_then_is_noted_too(talk: Talk, sessions: Sessions) -> None:
    await talk.say("世界上最高的山是哪座")
    await talk.say("有什么通知")
    assert [row.picked for row in await noted(sessions)] == ["read_notices"]


async def test_a_question_without_an_answer_is_noted(talk: Talk, sessions: Sessions) -> None:
    await talk.play("""
        > 居住证怎么办理，要带什么材料
        - answer_unknown
        """)
    assert [row.words for row in await noted(sessions)] == ["居住证怎么办理，要带什么材料"]


async def test_nothing_is_noted_on_the_day_somebody_confided(chat: Chat) -> None:
    await chat.open()
    for line in ("最近压力好大，天天想哭", "先不说了", "世界上最高的山是哪座"):
        await chat.say(line)
    assert any(heard.message.startswith("unclear") for heard in chat.heard)
    assert await noted(chat.sessions) == []


@pytest.mark.parametrize("name", NEVER)
async def test_what_is_private_is_never_noted(talk: Talk, sessions: Sessions, name: str) -> None:
    for line in NEVER[name]:
        await talk.say(line)
    assert await noted(sessions) == []
