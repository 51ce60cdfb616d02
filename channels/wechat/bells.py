"""Wakes who waits for a passive reply in this process: one LISTEN connection, taken up again when it is lost.

It is opened when somebody waits for the first time. Where it is lost, whoever waits looks by itself at the end.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
import structlog
from psycopg.sql import SQL, Identifier

log = structlog.get_logger()
WECHAT = "linli_wechat"
AGAIN_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0)
ALIVE_SECONDS = 20.0


class Bell:
    """Rung for one who waits; rings before the wait are not lost."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the one who waits."""
        self._rung.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for a ring, at most so long; False where there was none."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        rung = self._rung.is_set()
        self._rung.clear()
        return rung


class Bells:
    """Those who wait in this process, by what they wait for."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._bells: dict[str, set[Bell]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self._tries = 0

    @contextmanager
    def hang(self, inbound_id: int, news: str) -> Iterator[Bell]:
        """While inside, the bell rings for such news of this message."""
        if self._task is None:
            self._task = asyncio.create_task(self._listen_for_ever())
        bell, name = Bell(), f"{inbound_id}:{news}"
        self._bells[name].add(bell)
        try:
            yield bell
        finally:
            self._bells[name].discard(bell)
            if not self._bells[name]:
                del self._bells[name]

    async def close(self) -> None:
        """Stop to listen."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _listen_for_ever(self) -> None:
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError, TimeoutError) as error:
                log.warning("listening_lost", error=type(error).__name__)
            await asyncio.sleep(AGAIN_SECONDS[min(self._tries, len(AGAIN_SECONDS) - 1)])
            self._tries += 1

    async def _listen(self) -> None:
        connect = psycopg.AsyncConnection.connect(self._url, autocommit=True, connect_timeout=5)
        async with await connect as connection:
            await connection.execute(SQL("LISTEN {}").format(Identifier(WECHAT)))
            self._tries = 0
            self._ring_all()
            while True:
                async for heard in connection.notifies(timeout=ALIVE_SECONDS):
                    for bell in self._bells.get(heard.payload, ()):
                        bell.ring()
                await asyncio.wait_for(connection.execute("SELECT 1"), timeout=5)

    def _ring_all(self) -> None:
        """What was notified while nobody listened is looked up now."""
        for bells in list(self._bells.values()):
            for bell in bells:
                bell.ring()
