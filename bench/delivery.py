"""Delivery to a platform that is never slow, against a bare httpx loop; and a chat while a broadcast goes out.

Workers are processes of their own (bench/delivery_worker.py), and so are the sink and the bare loop; all take turns in
the same run. Rows are due together a while after they were queued, when the workers are there and idle.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice

from sqlalchemy import text

from bench.client import Browser
from bench.delivery_sink import NAME
from bench.figures import Report, milliseconds, percentile
from bench.ground import beside, ground
from bench.talk import COMMUNITY
from community.clock import now
from linli.database import Sessions, make_engine, make_sessions
from linli.settings import Settings
from operations.children import Child
from operations.deployment import Deployment
from operations.environment import settings_environment
from operations.model import train_model
from operations.places import ROOT
from operations.ports import choose_port

OF_BARE, OF_ONE, OF_USUAL = 0.7, 1.6, 1.3
STARTS = timedelta(seconds=6)
"""From a worker's start until the first row is due."""
PATIENCE = 120.0
SAID = ("你好", "我报的电梯怎么样了", "谢谢")

_PEOPLE = text(
    """
    WITH people AS (
        INSERT INTO residents (id, community_id, language, home_claim)
        SELECT gen_random_uuid(), c.id, 'zh', 'none'
        FROM communities AS c, generate_series(1, :people) WHERE c.code = :community
        RETURNING id
    )
    INSERT INTO addresses (id, resident_id, channel, outside_id, state, last_seen_at)
    SELECT gen_random_uuid(), id, :channel, concat('bench:', id), 'active', now() FROM people
    """
)
_ROWS = text(
    """
    INSERT INTO outbox_messages
        (id, resident_id, address_id, channel, purpose, message, "values", buttons, priority, state, due_at)
    SELECT gen_random_uuid(), a.resident_id, a.id, a.channel, concat(CAST(:purpose AS text), ':', a.id), 'person_says',
           jsonb_build_object('words', '电梯师傅今天下午三点到，修好了我们告诉您。'),
           '[]', '4_bulk', 'pending', :due_at
    FROM addresses AS a WHERE a.channel = :channel
    """
)
_SENT = text(
    "SELECT count(*) AS rows, max(sent_at) AS at FROM outbox_messages "
    "WHERE channel = :channel AND state = 'sent' AND starts_with(purpose, :purpose)"
)
_FORGET = text("DELETE FROM outbox_messages WHERE channel = :channel")


@dataclass(frozen=True, slots=True)
class Sizes:
    """So many `people` get a message in each of `rounds`; so many `turns` of a chat, with a broadcast and without."""

    people: int = 6_000
    rounds: int = 3
    turns: int = 200


def run(report: Report, sizes: Sizes) -> None:
    """Print `delivery 0.80x` of a bare loop, `delivery by two 1.70x` of one, `delivery and a chat 1.10x`."""
    with ground(messages_per_minute=1_000_000) as linli:
        port = choose_port(0, "the sink")
        linli.add_bot(train_model(linli.logs / "train.log", lambda _: None))
        environment = settings_environment(linli.settings)
        sink = Child("sink", _python("bench.sink", port), linli.logs / "sink.log", ROOT, environment)
        with beside(sink, f"http://127.0.0.1:{port}/"):
            bench = _Bench(linli, port, sizes)
            asyncio.run(bench.prepare())
            _tell_rates(report, [bench.round(number) for number in range(sizes.rounds)])
            linli.start()
            linli.wait_ready()
            linli.kill("worker")  # it knows no sink
            _tell_chat(report, *asyncio.run(bench.chat()))


class _Bench:
    def __init__(self, linli: Deployment, port: int, sizes: Sizes) -> None:
        self._linli, self._port, self._sizes = linli, port, sizes
        self._environment = settings_environment(linli.settings)

    async def prepare(self) -> None:
        """People who are reached at the sink."""
        values = {"people": self._sizes.people, "community": COMMUNITY, "channel": NAME}
        async with _sessions(self._linli.settings) as sessions, sessions.begin() as session:
            await session.execute(_PEOPLE, values)

    def round(self, number: int) -> tuple[float, float, float]:
        """Messages a second: of the bare loop, of one worker, of two."""
        command = [*_python("bench.bare_sender", self._port), str(self._sizes.people)]
        bare = float(subprocess.check_output(command, cwd=ROOT, env=self._environment))
        return bare, self._deliver(f"one:{number}", 1), self._deliver(f"two:{number}", 2)

    async def chat(self) -> tuple[list[float], list[float]]:
        """Seconds of turns while nothing goes out, and of turns during a broadcast, by the same person."""
        person = await Browser(self._linli.settings.port, 1).open()
        await _talk(person, 20)
        usual: list[float] = []
        during: list[float] = []
        for number in range(self._sizes.rounds):
            usual += await _talk(person, self._sizes.turns)
            with self._workers(1):
                await self._queue(f"chat:{number}")
                while (await self._sent(f"chat:{number}"))[0] == 0:  # noqa: ASYNC110 - rows of another process
                    await asyncio.sleep(0.01)
                sent = 0
                while sent < self._sizes.people:
                    during += await _talk(person, len(SAID))
                    sent, _ = await self._sent(f"chat:{number}")
        await person.close()
        return usual, during

    def _deliver(self, purpose: str, workers: int) -> float:
        """Messages a second from the moment at which all were due until the last was sent."""
        with self._workers(workers):
            return asyncio.run(self._wait(purpose))

    async def _wait(self, purpose: str) -> float:
        due_at = await self._queue(purpose)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            sent, at = await self._sent(purpose)
            if sent == self._sizes.people and at is not None:
                return sent / (at - due_at).total_seconds()
            await asyncio.sleep(0.2)
        raise RuntimeError(f"{sent} of {self._sizes.people} were delivered in {PATIENCE} s")

    async def _queue(self, purpose: str) -> datetime:
        """A message to everybody, due when the workers are awake; whatever was queued before is gone."""
        due_at = now() + STARTS
        async with _sessions(self._linli.settings) as sessions, sessions.begin() as session:
            await session.execute(_FORGET, {"channel": NAME})
            await session.execute(_ROWS, {"channel": NAME, "purpose": purpose, "due_at": due_at})
        return due_at

    async def _sent(self, purpose: str) -> tuple[int, datetime | None]:
        async with _sessions(self._linli.settings) as sessions, sessions() as session:
            row = (await session.execute(_SENT, {"channel": NAME, "purpose": purpose})).one()
            return row[0], row[1]

    @contextmanager
    def _workers(self, number: int) -> Iterator[None]:
        with ExitStack() as stack:
            for each in range(number):
                log = self._linli.logs / f"delivery-{each}.log"
                command = _python("bench.delivery_worker", self._port)
                child = Child(f"delivery-{each}", command, log, ROOT, self._environment)
                child.start()
                stack.callback(child.stop)
            yield


async def _talk(person: Browser, turns: int) -> list[float]:
    return [await person.say(words) for words in islice(cycle(SAID), turns)]


@asynccontextmanager
async def _sessions(settings: Settings) -> AsyncIterator[Sessions]:
    engine = make_engine(settings.database_url, pool=2)
    yield make_sessions(engine)
    await engine.dispose()


def _python(module: str, port: int) -> list[str]:
    return [sys.executable, "-m", module, str(port)]


def _tell_rates(report: Report, rounds: Sequence[tuple[float, float, float]]) -> None:
    """The middle one of each: what else the machine does hits one round more than another."""
    bare, one, two = (sorted(rates)[len(rounds) // 2] for rates in zip(*rounds, strict=True))
    report.say(f"delivery: a bare loop {bare:,.0f}/s, one worker {one:,.0f}/s, two workers {two:,.0f}/s")
    report.at_least("delivery", one / bare, OF_BARE)
    report.at_least("delivery by two", two / one, OF_ONE)


def _tell_chat(report: Report, usual: Sequence[float], during: Sequence[float]) -> None:
    before, beside_it = percentile(usual, 95), percentile(during, 95)
    report.say(
        f"delivery and a chat: p95 {milliseconds(before)} usually, "
        f"{milliseconds(beside_it)} in {len(during)} turns during a broadcast"
    )
    report.at_most("delivery and a chat", beside_it / before, OF_USUAL)
