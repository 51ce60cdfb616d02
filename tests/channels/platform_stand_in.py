"""A channel in a platform's place, for what is the same on every platform: budgets, paces, media, errors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

from channels.contract import Abilities, Fetched, FetchFailed, Incoming, MediaRef, Outcome, Outgoing
from channels.errors import SendError
from channels.receiving import Arrived, receive
from linli.database import Sessions

DAYS_2 = timedelta(hours=48)
PLAIN = Abilities(buttons=0, longest_text=2_000, idempotent=False)


class Platform:
    """Takes what it is given, unless `answer` says otherwise for a row; `told` holds (to whom, which message)."""

    def __init__(self, name: str = "platform", abilities: Abilities = PLAIN) -> None:
        self.name, self.abilities = name, abilities
        self.told: list[tuple[str, str]] = []
        self.batches: list[list[Outgoing]] = []
        self.media: dict[str, Fetched] = {}
        self.fetched: list[str] = []
        self.any_time: frozenset[str] = frozenset()
        self.gate: asyncio.Event | None = None
        self.answer: Callable[[Outgoing], Outcome] = lambda row: Outcome(row.id, outside_id=row.id.hex)

    def refuse(self, error: SendError, retry_after: float | None = None) -> None:
        """From now on everything ends so."""
        self.answer = lambda row: Outcome(row.id, error, retry_after=retry_after)

    async def is_asked(self) -> bool:
        """Whether it was given anything yet."""
        return bool(self.batches)

    def agree(self) -> None:
        """From now on everything is taken."""
        self.answer = lambda row: Outcome(row.id, outside_id=row.id.hex)

    async def send(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Take each row as `answer` says; wait for the gate where there is one."""
        self.batches.append(list(batch))
        if self.gate:
            await self.gate.wait()
        outcomes = [self.answer(row) for row in batch]
        self.told += [
            (row.outside_id, row.message)
            for row, outcome in zip(batch, outcomes, strict=True)
            if outcome.error is None
        ]
        return outcomes

    async def fetch(self, ref: MediaRef, *, most_bytes: int) -> Fetched:
        """What `media` holds; what is not there yet may come later."""
        self.fetched.append(ref.id)
        if ref.id == "gone":
            raise FetchFailed("gone", again=False)
        if ref.id not in self.media:
            raise FetchFailed("http 502", again=True)
        assert len(self.media[ref.id].content) <= most_bytes
        return self.media[ref.id]


async def come(sessions: Sessions, incoming: Incoming, **more: object) -> Arrived:
    """What a door does with a message: receive it and commit."""
    async with sessions.begin() as session:
        return await receive(session, incoming, **more)  # type: ignore[arg-type]
