"""Two processes send at once: together 30 a second at most, one a second to each chat."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select, update

from channels.contract import Incoming, Outgoing
from channels.delivery import Delivery
from channels.telegram.channel import TelegramChannel
from channels.working import show_work
from community.clock import now
from community.inbox.models import InboundMessage
from community.outbox.models import ChannelPace, OutboxMessage, OutboxState
from community.outbox.paces import Room, take_room
from community.outbox.usecases import enqueue_message
from linli.database import Sessions, make_engine, make_sessions
from linli.settings import Settings
from operations.platforms.telegram import people
from tests.channels.platform_stand_in import come
from tests.channels.telegram.conftest import Platform

PEOPLE, EACH = 30, 3


@pytest.fixture
def claimed(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> list[tuple[datetime, str]]:
    """When a message to which chat was taken to be sent at once, for that is what the pace is counted by.

    The platform takes all: a machine that stands still for a second lets what is on its way arrive together.
    """
    taken: list[tuple[datetime, str]] = []
    claim = Delivery.claim

    async def noted(self: Delivery, name: str, at: datetime, most: int) -> tuple[list[Outgoing], Room]:
        rows, room = await claim(self, name, at, most)
        taken.extend((at, row.outside_id) for row in rows)
        return rows, room

    monkeypatch.setattr(Delivery, "claim", noted)
    monkeypatch.setattr(platform.state.pace, "check", lambda _: 0)
    return taken


@pytest.fixture
async def senders(settings: Settings) -> AsyncIterator[list[tuple[Delivery, Sessions]]]:
    """Delivery as in two processes: they share the database and the platform."""
    engines = [make_engine(settings.database_url) for _ in range(2)]
    made = [
        (Delivery(own, {"telegram": TelegramChannel(settings)}, hold_after=timedelta(hours=24)), own)
        for own in map(make_sessions, engines)
    ]
    yield made
    for sender, _ in made:
        await sender.close()
    for engine in engines:
        await engine.dispose()


async def test_two_senders_keep_the_pace_together(
    platform: Platform,
    sessions: Sessions,
    senders: list[tuple[Delivery, Sessions]],
    claimed: list[tuple[datetime, str]],
) -> None:
    for number in range(PEOPLE):
        await _queue(platform, sessions, 100 + number)
    async with sessions.begin() as session:
        await session.execute(update(InboundMessage).values(state="handled"))
    tried = await asyncio.gather(*(_work(*sender) for sender in senders))
    assert min(tried) > 0
    assert len(claimed) == sum(tried) == PEOPLE * EACH
    second = timedelta(seconds=1)
    times = [at for at, _ in claimed]
    assert max(sum(at <= other < at + second for other in times) for at in times) <= 30
    chats = defaultdict[str, list[datetime]](list)
    for at, chat_id in sorted(claimed):
        chats[chat_id].append(at)
    assert all(later - at >= second for taken in chats.values() for at, later in pairwise(taken))


async def test_typing_is_shown_only_where_there_is_room_for_a_call_more(
    platform: Platform, sessions: Sessions, channel: TelegramChannel
) -> None:
    people.meet(platform.state, 101).started = True

    async def is_shown() -> bool:
        platform.state.calls.clear()
        await show_work(sessions, channel, "101")
        return "sendchataction" in {name for name, _ in platform.state.calls}

    assert await is_shown()
    async with sessions.begin() as session:
        taken = (await session.get_one(ChannelPace, "telegram")).next_at
        assert taken is not None
        await take_room(session, "telegram", now(), 300, 30.0)
    assert not await is_shown()
    async with sessions.begin() as session:
        pace = await session.get_one(ChannelPace, "telegram")
        pace.next_at, pace.rests_until = None, now() + timedelta(minutes=1)
    assert not await is_shown()


async def _queue(platform: Platform, sessions: Sessions, person: int) -> None:
    people.meet(platform.state, person).started = True
    known = (await come(sessions, Incoming("telegram", str(person), f"m{person}", "在吗"))).known
    async with sessions.begin() as session:
        for each in range(EACH):
            values = {"words": f"第{each}句", "code": "", "name": ""}
            await enqueue_message(
                session, known.resident_id, "staff_answer", f"{person}:{each}", values=values
            )


async def _work(sender: Delivery, sessions: Sessions) -> int:
    """Deliver until everything is out; how much of it went from here."""
    tried = 0
    async with asyncio.timeout(60):
        while await _left(sessions):
            tried += await sender.deliver_all(now())
            await asyncio.sleep(0.05)
    return tried


async def _left(sessions: Sessions) -> int:
    async with sessions() as session:
        left = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state != OutboxState.SENT)
        return await session.scalar(left) or 0
