"""What tests of the way of a message share: a stand-in for the bot, a running queue, and a way to wait for rows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from channels.bot_client import BotClient
from channels.contract import Incoming
from channels.inbound import Stored, store_inbound
from channels.registry import make_channels
from channels.turns import TurnRunner
from channels.web.thread import append_own
from community.clock import now
from community.residents.usecases import Known
from linli.database import Sessions
from linli.settings import Settings
from tests.channels.bot_stand_in import BotStandIn
from tests.delivering import Delivery


@pytest.fixture
async def bot() -> AsyncIterator[BotStandIn]:
    """A bot that repeats what it is told."""
    stand_in = BotStandIn()
    await stand_in.start()
    yield stand_in
    await stand_in.stop()


@pytest.fixture
def delivery(sessions: Sessions) -> Delivery:
    """Delivery by the channels that are on."""
    return Delivery(sessions, make_channels(Settings(), sessions), hold_after=timedelta(hours=24))


@pytest.fixture
async def make_runner(
    sessions: Sessions, bot: BotStandIn, delivery: Delivery
) -> AsyncIterator[Callable[..., TurnRunner]]:
    """Start runners of queues, as many app processes would."""
    runners: list[TurnRunner] = []
    clients: list[BotClient] = []

    def make(own: Sessions = sessions) -> TurnRunner:
        clients.append(BotClient(bot.url, timeout=30.0))
        runners.append(TurnRunner(own, clients[-1], delivery))
        runners[-1].start()
        return runners[-1]

    yield make
    for runner in runners:
        await runner.stop()
    for client in clients:
        await client.close()


async def say(sessions: Sessions, person: Known, text: str, message_id: str | None = None) -> Stored:
    """Store a message as the web door does."""
    async with sessions.begin() as session:
        incoming = Incoming("web", person.address_id.hex, message_id or uuid4().hex, text)
        stored = await store_inbound(session, person, incoming)
        if not stored.repeated:
            await append_own(session, person.address_id, stored.id, now())
        return stored


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 15.0) -> None:
    """Wait until the condition holds; fail after `seconds`."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110  (rows of another task, nothing to be notified of)
            await asyncio.sleep(0.02)
