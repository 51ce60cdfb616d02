"""The platform fails for minutes: everything arrives afterwards, and twice only what is counted as uncertain."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Literal

import pytest
import time_machine
from sqlalchemy import select

from channels.contract import Incoming
from channels.delivery import Delivery
from channels.receiving import receive
from channels.registry import make_channels
from channels.wechat.happened import AFTER_MESSAGE
from community.clock import now
from community.outbox.models import OutboxMessage, OutboxState
from community.outbox.usecases import enqueue_message
from linli.database import Sessions
from linli.settings import Settings
from operations.platforms.wechat import Person
from operations.platforms.wechat.account import AFTER_MESSAGE as GRANTED
from tests.channels.wechat.stand_in import Platform

Way = Literal["down", "garbage", "drop", "swallow"]
STEP = timedelta(seconds=31)
"""Longer than a channel rests after a batch of which nothing arrived."""


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that a test moves."""
    with time_machine.travel(now(), tick=True) as clock:
        yield clock


@pytest.fixture
async def worker(wechat_settings: Settings, sessions: Sessions) -> AsyncIterator[Delivery]:
    """The worker's delivery."""
    channels = make_channels(wechat_settings, sessions)
    delivery = Delivery(sessions, channels, hold_after=timedelta(hours=24))
    yield delivery
    await delivery.close()


@pytest.fixture
async def people(platform: Platform, sessions: Sessions) -> list[Person]:
    """Three who have written, and whom two messages wait for each."""
    made = []
    for number in range(3):
        person = platform.account.person()
        person.follows = True
        person.grant(GRANTED)
        made.append(person)
        async with sessions.begin() as session:
            incoming = Incoming("wechat", person.openid, f"m{number}", "在吗", grant=AFTER_MESSAGE)
            arrived = await receive(session, incoming)
            for words in ("一", "二"):
                await enqueue_message(
                    session,
                    arrived.known.resident_id,
                    "staff_answer",
                    f"staff:{number}:{words}",
                    values={"words": words, "code": "", "name": ""},
                )
    return made


async def states(sessions: Sessions) -> Counter[tuple[OutboxState, bool]]:
    """How many rows are in which state, and whether they are uncertain."""
    async with sessions() as session:
        rows = (await session.execute(select(OutboxMessage.state, OutboxMessage.uncertain))).all()
    return Counter((row.state, row.uncertain) for row in rows)


@pytest.mark.parametrize("code", [-1, 40001, 45011])
async def test_a_platform_that_refuses_for_minutes_gets_everything_later(
    platform: Platform, worker: Delivery, people: list[Person], sessions: Sessions,
    clock: time_machine.Traveller, code: int,
) -> None:  # fmt: skip
    platform.account.faults.errcodes = [code] * 40
    await _work(worker, clock, 6)
    assert all(person.heard() == [] for person in people)
    platform.account.faults.errcodes = []
    await _work(worker, clock, 8)
    assert [person.heard() for person in people] == [["一", "二"]] * 3
    assert await states(sessions) == {(OutboxState.SENT, False): 6}


async def test_a_platform_that_is_down_for_minutes_gets_everything_later(
    platform: Platform, worker: Delivery, people: list[Person], sessions: Sessions,
    clock: time_machine.Traveller,
) -> None:  # fmt: skip
    platform.account.faults.way = "down"
    await _work(worker, clock, 8)
    assert all(person.heard() == [] for person in people)
    platform.account.faults.way = ""
    await _work(worker, clock, 4)
    assert [person.heard() for person in people] == [["一", "二"]] * 3
    assert await states(sessions) == {(OutboxState.SENT, False): 6}


@pytest.mark.parametrize("way", ["garbage", "drop", "swallow"])
async def test_what_may_have_arrived_comes_again_and_is_counted(
    platform: Platform, worker: Delivery, people: list[Person], sessions: Sessions,
    clock: time_machine.Traveller, way: Way,
) -> None:  # fmt: skip
    await worker.deliver_all(now() - timedelta(days=1))
    platform.account.faults.way = way
    await _work(worker, clock, 1)
    platform.account.faults.way = ""
    await _work(worker, clock, 6)
    for person in people:
        assert set(person.heard()) == {"一", "二"}
    told = await states(sessions)
    assert sum(told.values()) == 6
    assert {state for state, _ in told} == {OutboxState.SENT}
    twice = sum(len(person.heard()) for person in people) - 6
    assert twice <= sum(many for (_, uncertain), many in told.items() if uncertain)


async def _work(worker: Delivery, clock: time_machine.Traveller, rounds: int) -> None:
    """The worker's job every half minute."""
    for _ in range(rounds):
        await worker.tidy(now())
        await worker.deliver_all(now())
        clock.shift(STEP)
