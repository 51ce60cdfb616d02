"""What has no vector gets one from the bot as soon as that is there, also words that were masked."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from channels.delivery import Delivery
from channels.registry import make_channels
from community.actors import SYSTEM
from community.answers.file import SHIPPED, read_file
from community.answers.usecases import find_unmeasured, load_entries
from community.clock import now
from community.learning import noting
from community.surveys.asking import SurveyTimes
from linli.database import Sessions
from linli.settings import Settings
from scheduler.jobs.vectors import vectors
from scheduler.tools import Tools
from tests.cast import Cast
from tests.channels.bot_stand_in import Answer, BotStandIn

VECTOR = b64encode(bytes(1024)).decode()


async def measure(body: dict[str, Any]) -> Answer:
    """A vector for each text."""
    return 200, {"vectors": [VECTOR for _ in body["texts"]]}


@pytest.fixture
async def bot() -> AsyncIterator[BotStandIn]:
    """A bot that measures."""
    stand_in = BotStandIn(measure)
    await stand_in.start()
    yield stand_in
    await stand_in.stop()


@pytest.fixture
def tools(sessions: Sessions, bot: BotStandIn) -> Tools:
    """Tools of a worker that knows this bot."""
    delivery = Delivery(sessions, make_channels(Settings(), sessions), hold_after=timedelta(hours=1))
    return Tools(sessions, delivery, SurveyTimes(), bot_address=bot.url, bot_timeout=30)


async def load(sessions: Sessions) -> int:
    async with sessions.begin() as session:
        return (await load_entries(session, SYSTEM, read_file(SHIPPED))).unmeasured


async def waiting(sessions: Sessions) -> int:
    async with sessions() as session:
        return len(await find_unmeasured(session, 10_000))


async def test_ways_of_asking_are_measured_in_parts(sessions: Sessions, tools: Tools) -> None:
    total = await load(sessions)
    assert await vectors(tools, now()) == 256
    assert await waiting(sessions) == total - 256
    while await vectors(tools, now()):
        pass
    assert await waiting(sessions) == 0


async def test_a_bot_that_is_away_is_asked_again(sessions: Sessions, tools: Tools, bot: BotStandIn) -> None:
    total = await load(sessions)
    await bot.stop()
    assert await vectors(tools, now()) == 0
    assert await waiting(sessions) == total
    await bot.start()
    assert await vectors(tools, now()) == 256


@pytest.mark.parametrize(
    "answer",
    [(500, {}), (200, {}), (200, {"vectors": [VECTOR]}), (200, {"vectors": ["x"] * 256}), (503, {})],
)
async def test_a_wrong_answer_is_not_stored(
    sessions: Sessions, tools: Tools, bot: BotStandIn, answer: Answer
) -> None:
    async def answer_wrongly(_: dict[str, Any]) -> Answer:
        return answer

    total = await load(sessions)
    bot.handler = answer_wrongly
    assert await vectors(tools, now()) == 0
    assert await waiting(sessions) == total


async def test_masked_words_are_measured_too(sessions: Sessions, tools: Tools, cast: Cast) -> None:
    async with sessions.begin() as session:
        said = noting.Unclear("我叫王秀英，这里能借书吗", bytes(1024))
        await noting.note_unclear(session, cast.owner.resident_id, said)
    assert await vectors(tools, now()) == 1
    async with sessions() as session:
        assert await noting.find_unmeasured(session, 10) == []
