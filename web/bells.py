"""Wakes the websockets of this process: one LISTEN connection for all of them (linli/listening.py).

Before: a process commits something for a person's thread and notifies. After: web/live.py reads on from the last
number that the browser has. What this process adds to a thread itself it hands over, so that nobody has to read it.
Waiting holds no connection of the pool.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from channels.web.thread import THREAD_CHANGED
from community.needs.usecases.steps import NEEDS_CHANGED
from community.presence.usecases import HINTS
from community.residents.usecases import Known
from linli.listening import Listener

TYPING = "linli_typing"
HEARD = (THREAD_CHANGED, TYPING, NEEDS_CHANGED, HINTS)

Item = Mapping[str, Any]


class Bell:
    """Rung for one websocket: for news, or (`typing`) because Linli began to work on an answer."""

    def __init__(self) -> None:
        self._rung, self._news = asyncio.Event(), asyncio.Event()
        self._handed: list[Item] = []
        self._unread = False
        self._hints: set[str] = set()
        self.typing = False
        self.known: Known | None = None

    def ring(self, *, typing: bool = False) -> None:
        """Wake the one who waits, to read; rings before it listens are not lost."""
        self._unread = True
        self._wake(typing=typing)

    def hand(self, items: Sequence[Item]) -> None:
        """Give the one who waits what was added to the thread: own words, after which Linli types, or its answer."""
        self._handed += items
        self._wake(typing=all(item["from"] == "me" for item in items))

    def tell(self, hint: str) -> None:
        """Give the one who waits a hint (community/presence): nothing has to be read for it."""
        self._hints.add(hint)
        self._rung.set()
        self._news.set()

    def take_hints(self) -> set[str]:
        """The hints that were given since the last time."""
        hints, self._hints = self._hints, set()
        return hints

    def _wake(self, *, typing: bool) -> None:
        self.typing = self.typing or typing
        self._rung.set()
        if not typing:
            self._news.set()

    def take(self, after: int) -> Sequence[Item] | None:
        """What was handed over and follows number `after` without a gap; None where the thread has to be read."""
        handed, self._handed = sorted(self._handed, key=lambda item: int(item["seq"])), []
        unread, self._unread = self._unread, False
        fresh = [item for item in handed if item["seq"] > after]
        whole = all(item["seq"] == number for number, item in enumerate(fresh, after + 1))
        return fresh if whole and not unread else None

    async def wait(self, seconds: float, for_news: float = 0.0) -> bool:
        """Wait for a ring, at most so long; False where there was none. A sign of typing waits a little for news."""
        rung = await _wait(self._rung, seconds)
        if rung:
            await _wait(self._news, for_news)
        self._rung.clear()
        self._news.clear()
        return rung


async def _wait(event: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()


class Bells:
    """All websockets of this process, by the address of the channel `web`, the community, the need that they show.

    Of somebody who has said nothing yet they hang by the outside id, and get their address with the first message.
    """

    def __init__(self, database_url: str, process: str = "") -> None:
        """`process` is named in the notifications that this process makes itself; these are handed over instead."""
        self._process = process
        self._bells: dict[UUID, set[Bell]] = defaultdict(set)
        self._strangers: dict[str, set[Bell]] = defaultdict(set)
        self._listener = Listener(database_url, HEARD, self._hear, self._ring_all)

    def start(self) -> None:
        """Begin to listen; works on without a database and listens when there is one."""
        self._listener.start()

    async def stop(self) -> None:
        """Stop to listen."""
        await self._listener.stop()

    @contextmanager
    def hang(self, shown: UUID, bell: Bell) -> Iterator[None]:
        """While inside, the bell rings for what happens in this thread, or with the needs of this community."""
        self._bells[shown].add(bell)
        try:
            yield
        finally:
            self._take_down(shown, bell)

    @contextmanager
    def hang_stranger(self, outside_id: str, bell: Bell) -> Iterator[None]:
        """While inside, the bell learns who the person is when this process stores the first message."""
        self._strangers[outside_id].add(bell)
        try:
            yield
        finally:
            self._strangers[outside_id].discard(bell)
            if not self._strangers[outside_id]:
                del self._strangers[outside_id]
            if bell.known:
                self._take_down(bell.known.address_id, bell)

    def meet(self, outside_id: str, known: Known) -> None:
        """Somebody is known from now on: the bells of this person hang at the address."""
        for bell in self._strangers.get(outside_id, ()):
            bell.known = known
            self._bells[known.address_id].add(bell)

    def ring(self, shown: UUID, *, typing: bool = False) -> None:
        """Ring for one thread or community."""
        for bell in self._bells.get(shown, ()):
            bell.ring(typing=typing)

    def tell(self, shown: UUID, hint: str) -> None:
        """Give a hint to the pages that show this."""
        for bell in self._bells.get(shown, ()):
            bell.tell(hint)

    def hand(self, shown: UUID, items: Sequence[Item]) -> None:
        """Hand over what this process has added to a thread."""
        for bell in self._bells.get(shown, ()):
            bell.hand(items)

    def _hear(self, name: str, payload: str) -> None:
        """A payload begins with the address, or for changed needs with the community, and goes on with who did it."""
        shown, _, whose = payload.partition(":")
        if self._process and whose.startswith(self._process):
            return
        with suppress(ValueError):
            if name == HINTS:
                self.tell(UUID(shown), whose)
            else:
                self.ring(UUID(shown), typing=name == TYPING)

    def _take_down(self, shown: UUID, bell: Bell) -> None:
        self._bells[shown].discard(bell)
        if not self._bells[shown]:
            del self._bells[shown]

    def _ring_all(self) -> None:
        """What was notified while nobody listened is read now."""
        for shown in list(self._bells):
            self.ring(shown)
