"""Everything that is due, channel by channel: while one batch is sent the next is claimed.

No channel waits for another, also where one is slow for minutes. Before: scheduler/jobs/deliver.py. The claiming and
sending is in channels/delivery.py.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from channels.contract import Outgoing
from channels.gathering import gather_all
from community.outbox.paces import Room

BATCH, SMALLEST, LARGEST = 200, 10, 400
LANES = 2
"""Batches of a channel that are being sent at a time."""
MOST_ROWS = 10_000
"""A run ends after so many rows of a channel."""
QUICK, SLOW = 0.5, 2.0
"""Seconds for a batch: below, the next is larger; above, it is smaller, so that what is urgent gets in between."""
UNTIL_ROOM = 0.2
"""Seconds to wait where the pace has no room."""


class Sender(Protocol):
    """What claims and sends; channels/delivery.py."""

    @property
    def names(self) -> Collection[str]:
        """The channels that are on."""
        ...

    async def claim(self, name: str, at: datetime, most: int) -> tuple[list[Outgoing], Room]:
        """Claim a batch of one channel."""
        ...

    async def send(self, name: str, rows: Sequence[Outgoing], at: datetime | None = None) -> None:
        """Send it."""
        ...


class Drains:
    """Runs at most one drain a channel in this process."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._busy: set[str] = set()
        self._sizes: dict[str, int] = {}

    async def run(self, at: datetime) -> int:
        """Deliver what is due at `at` on every channel that is not at it already; gives how many rows were tried."""
        free = [name for name in self._sender.names if name not in self._busy]
        return sum(await gather_all(self._drain(name, at) for name in free))

    async def _drain(self, name: str, at: datetime) -> int:
        self._busy.add(name)
        try:
            return await self._deliver(name, at)
        finally:
            self._busy.discard(name)

    async def _deliver(self, name: str, at: datetime) -> int:
        """Claim and send until nothing is due; what a batch in work holds back is looked for again after it."""
        started, tried = time.monotonic(), 0
        in_work: set[asyncio.Task[None]] = set()
        try:
            while tried < MOST_ROWS:
                size = self._sizes.get(name, BATCH)
                moment = at + timedelta(seconds=time.monotonic() - started)
                rows, room = await self._sender.claim(name, moment, size)
                tried += len(rows)
                if rows:
                    in_work.add(asyncio.create_task(self._send(name, rows, moment)))
                if room.more_at is not None and len(rows) >= room.messages:
                    await asyncio.sleep(UNTIL_ROOM)
                elif len(rows) < room.messages or not room.messages:
                    if not in_work:
                        break
                    in_work = await _finish(in_work, len(in_work) - 1)
                in_work = await _finish(in_work, LANES - 1)
        finally:
            await _finish(in_work, 0)
        return tried

    async def _send(self, name: str, rows: Sequence[Outgoing], at: datetime) -> None:
        """Send a batch, and let the size of the next follow from how long it took."""
        started, size = time.monotonic(), self._sizes.get(name, BATCH)
        await self._sender.send(name, rows, at + timedelta(seconds=time.monotonic() - started))
        took = time.monotonic() - started
        if took > SLOW:
            self._sizes[name] = max(SMALLEST, size // 2)
        elif took < QUICK and len(rows) == size:
            self._sizes[name] = min(LARGEST, size * 2)


async def _finish(tasks: set[asyncio.Task[None]], most: int) -> set[asyncio.Task[None]]:
    """Wait until at most `most` of the tasks are left. Raises what one of them raised."""
    while len(tasks) > max(0, most):
        done, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    return tasks
