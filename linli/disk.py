"""Waiting until what was committed is on the disk, apart from the commit and once for all who wait at the time.

A statement with `set_config('synchronous_commit', 'off', true)` commits without the disk. PostgreSQL's log has one
order: what is committed later stands behind it, so where the server dies nothing is left that stood on what is gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# A transaction that has written nothing but this line to the log; its commit waits for all that is before it.
_WAIT = text("SELECT pg_logical_emit_message(true, 'linli', '')")


class Disk:
    """The disk of the database, as one process waits for it."""

    def __init__(self, statements: Callable[[], AsyncSession]) -> None:
        """`statements`: sessions whose statements are transactions of their own."""
        self._statements = statements
        self._running: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def wait(self) -> None:
        """Return when everything that was committed before this call is on the disk. Raises where nobody can say.

        A wait that is under way may have begun too early for the caller; all who come meanwhile share the next one.
        """
        if self._next is None:
            self._next = asyncio.create_task(self._wait(self._running))
        await asyncio.shield(self._next)

    async def _wait(self, before: asyncio.Task[None] | None) -> None:
        if before:
            await asyncio.wait([before])
        self._running, self._next = self._next, None
        async with self._statements() as session:
            await session.execute(_WAIT)
