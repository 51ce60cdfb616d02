"""The table `bot_trackers`: one sealed row a person, read and written over one connection of this process.

The connection is made when it is first used and made anew after it broke, so Rasa starts and parses without a
database and works again by itself after the database was restarted.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from components.sealing import tracker_keys
from components.turn import NOTHING, Kept

SECONDS = 5.0
# A row need not be on the disk before the app records the answer: that commit, which follows, takes it along. Where
# the server dies in between, the message is still waiting and its turn runs again, with the same effects.
OPTIONS = "-c statement_timeout=4000 -c synchronous_commit=off"
READ = "SELECT state, updated_at FROM bot_trackers WHERE sender_id = %s"
WRITE = """
INSERT INTO bot_trackers (sender_id, state, updated_at) VALUES (%(sender)s, %(state)s, clock_timestamp())
ON CONFLICT (sender_id) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at
WHERE bot_trackers.updated_at IS NOT DISTINCT FROM %(read_at)s
"""


class TrackersUnreachable(Exception):
    """The database could not be reached, or did not answer in time."""


class OvertakenTurn(Exception):
    """Another turn of the same person was kept while this one ran, so this one must not be."""


class TrackerRows:
    """Reads and writes what is kept of a person. Safe to share between the tasks of one event loop."""

    def __init__(self, database_url: str) -> None:
        """Rows of this database; an empty address is refused when it is first needed."""
        self._url = database_url
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._connecting = asyncio.Lock()

    async def read(self, sender: str) -> Kept:
        """What is kept of this person, or NOTHING; raise TrackersUnreachable, TrackersClosed."""
        row, _ = await self._execute(READ, (sender,), fetch=True)
        return NOTHING if row is None else _kept(tracker_keys().open(row[0]), row[1])

    async def write(self, sender: str, kept: Kept) -> None:
        """Keep this in place of what was read at `kept.updated_at`; raise OvertakenTurn if that is no longer there."""
        state = asdict(kept)
        read_at = state.pop("updated_at")
        values = {"sender": sender, "state": Jsonb(tracker_keys().seal(state)), "read_at": read_at}
        _, written = await self._execute(WRITE, values, fetch=False)
        if not written:
            raise OvertakenTurn(sender)

    async def _execute(self, query: str, values: Any, fetch: bool) -> tuple[Any, int]:
        """Run a statement; the one that meets a broken connection is tried once more on a fresh one."""
        try:
            return await self._in_time(query, values, fetch)
        except psycopg.OperationalError:
            await self._drop()
        try:
            return await self._in_time(query, values, fetch)
        except psycopg.OperationalError as error:
            await self._drop()
            raise TrackersUnreachable(str(error)) from error

    async def _in_time(self, query: str, values: Any, fetch: bool) -> tuple[Any, int]:
        try:
            return await asyncio.wait_for(self._try(query, values, fetch), SECONDS)
        except asyncio.TimeoutError as error:
            await self._drop()
            raise TrackersUnreachable("no answer in time") from error

    async def _try(self, query: str, values: Any, fetch: bool) -> tuple[Any, int]:
        connection = await self._connect()
        cursor = await connection.execute(query, values)
        return (await cursor.fetchone() if fetch else None), cursor.rowcount

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        if not self._url:
            raise TrackersUnreachable("LINLI_DATABASE_URL is not set")
        async with self._connecting:
            if self._connection is None or self._connection.closed:
                self._connection = await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, connect_timeout=3, options=OPTIONS
                )
            return self._connection

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


@cache
def tracker_rows() -> TrackerRows:
    """The rows of this process; `LINLI_DATABASE_URL` is read when they are first needed, not before."""
    return TrackerRows(os.environ.get("LINLI_DATABASE_URL", ""))


def _kept(state: dict[str, Any], updated_at: datetime) -> Kept:
    return Kept(
        slots=state["slots"],
        loop=state["loop"],
        message_id=state["message_id"],
        answers=state["answers"],
        updated_at=updated_at,
    )
