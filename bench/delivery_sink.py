"""A channel that posts to the sink as Telegram's library does: httpx, one client, so many requests at a time."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import httpx

from channels.contract import Abilities, Outcome, Outgoing
from channels.errors import SendError
from channels.render import Words, show

AT_ONCE = 16
NAME = "sink"


def make_client(port: int) -> httpx.AsyncClient:
    """A client for the sink, kept as long as it is used."""
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=limits, trust_env=False)


class DeliverySink:
    """People side by side, one person's messages in their order; every message is rendered."""

    name = NAME
    abilities = Abilities(buttons=8, longest_text=4096, idempotent=False)

    def __init__(self, port: int) -> None:
        self._client, self._room = make_client(port), asyncio.Semaphore(AT_ONCE)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def send(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Send each; one outcome a message."""
        people: defaultdict[UUID, list[Outgoing]] = defaultdict(list)
        for row in batch:
            people[row.address_id].append(row)
        told = await asyncio.gather(*(self._tell(rows) for rows in people.values()))
        return [outcome for outcomes in told for outcome in outcomes]

    async def _tell(self, rows: Sequence[Outgoing]) -> list[Outcome]:
        async with self._room:
            return [await self._send(row) for row in rows]

    async def _send(self, row: Outgoing) -> Outcome:
        [words] = show(row, self.abilities)
        text = words.text if isinstance(words, Words) else ""
        try:
            answer = await self._client.post("/send", json={"to": row.outside_id, "text": text})
        except httpx.HTTPError:
            return Outcome(row.id, SendError.LOST_ANSWER)
        return Outcome(row.id, None if answer.status_code == 200 else SendError.BUSY, row.id.hex)
