"""A channel as a platform's would be, to a server that is never slow: what is left is what delivery itself costs."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Self
from uuid import UUID

from bench.client import Http
from channels.contract import Abilities, Outcome, Outgoing
from channels.render import render_text


class SinkChannel:
    """Sends over so many connections, people side by side, one person's messages in their order."""

    name = "sink"
    abilities = Abilities(buttons=4, longest_text=5_000, idempotent=False)

    def __init__(self, port: int, connections: int = 8) -> None:
        self._port, self._connections = port, connections
        self._lines: asyncio.Queue[Http] = asyncio.Queue()

    async def open(self) -> Self:
        """Connect."""
        for _ in range(self._connections):
            self._lines.put_nowait(await Http(self._port).open())
        return self

    async def close(self) -> None:
        """Disconnect."""
        while not self._lines.empty():
            await self._lines.get_nowait().close()

    async def send(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Send each; one outcome a message."""
        people: dict[UUID, list[Outgoing]] = defaultdict(list)
        for row in batch:
            people[row.address_id].append(row)
        told = await asyncio.gather(*(self._tell(rows) for rows in people.values()))
        return [outcome for outcomes in told for outcome in outcomes]

    async def _tell(self, rows: Iterable[Outgoing]) -> list[Outcome]:
        line = await self._lines.get()
        try:
            return [await self._send(line, row) for row in rows]
        finally:
            self._lines.put_nowait(line)

    async def _send(self, line: Http, row: Outgoing) -> Outcome:
        words = render_text(row.message, row.language, row.values, row.zone)
        await line.post("/send", {"to": row.outside_id, "text": words})
        return Outcome(row.id, outside_id=row.id.hex)
