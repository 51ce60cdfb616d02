"""Processes that listen are killed while people write: nothing lost, nothing twice, in order."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.telegram import leases
from channels.telegram.service import TelegramService
from community.inbox.models import InboundMessage
from linli.database import Sessions
from operations.platforms.telegram import people
from tests.channels.conftest import until
from tests.channels.telegram.conftest import Platform

Make = Callable[..., TelegramService]
MESSAGES = 60


def kill(service: TelegramService) -> None:
    """End it where it stands, with its lease: as SIGKILL would, nothing is let go."""

    async def nothing() -> None:
        """The dead let nothing go."""

    service._listening._let_go = nothing  # type: ignore[method-assign]
    for task in list(service._tasks):
        task.cancel()


async def test_killed_at_any_line(
    platform: Platform, make_service: Make, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=0.3))
    chance = random.Random(7)
    wang = people.meet(platform.state, 101)
    service = make_service()

    async def write() -> None:
        for number in range(MESSAGES):
            await people.say(platform.state, wang, f"第{number}句")
            await asyncio.sleep(chance.random() / 20)

    writing = asyncio.create_task(write())
    while not writing.done():
        await asyncio.sleep(chance.random() / 2)
        kill(service)
        service = make_service()
    await writing

    async def confirmed() -> bool:
        return not platform.state.updates

    await until(confirmed, 30)
    async with sessions() as session:
        words = (await session.scalars(select(InboundMessage.text).order_by(InboundMessage.id))).all()
    assert words == [f"第{number}句" for number in range(MESSAGES)]
