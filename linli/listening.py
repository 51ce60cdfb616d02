"""Hearing the database's notifications: one connection of its own a listener, taken up again when it is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

import psycopg
import structlog
from psycopg.sql import SQL, Identifier

log = structlog.get_logger()
AGAIN_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0)
ALIVE_SECONDS = 20.0


class Listener:
    """Calls `hear` with name and payload of each notification of these names.

    What was notified while nobody listened is not told again: `catch_up` is called each time that listening begins.
    """

    def __init__(
        self,
        database_url: str,
        names: Sequence[str],
        hear: Callable[[str, str], None],
        catch_up: Callable[[], None],
    ) -> None:
        self._url, self._names = database_url, names
        self._hear, self._catch_up = hear, catch_up
        self._task: asyncio.Task[None] | None = None
        self._tries = 0

    def start(self) -> None:
        """Begin, where that was not done yet; works on without a database and listens when there is one."""
        if self._task is None:
            self._task = asyncio.create_task(self._listen_for_ever())

    async def stop(self) -> None:
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
            for name in self._names:
                await connection.execute(SQL("LISTEN {}").format(Identifier(name)))
            self._tries = 0
            self._catch_up()
            while True:
                async for heard in connection.notifies(timeout=ALIVE_SECONDS):
                    self._hear(heard.channel, heard.payload)
                await asyncio.wait_for(connection.execute("SELECT 1"), timeout=5)
