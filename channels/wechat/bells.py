"""Wakes who waits for a passive reply in this process: one LISTEN connection for all of them (linli/listening.py).

It is opened when somebody waits for the first time. Where it is lost, whoever waits looks by itself at the end.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from linli.listening import Listener

WECHAT = "linli_wechat"


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
        self._bells: dict[str, set[Bell]] = defaultdict(set)
        self._listener = Listener(database_url, [WECHAT], self._hear, self._ring_all)

    @contextmanager
    def hang(self, inbound_id: int, news: str) -> Iterator[Bell]:
        """While inside, the bell rings for such news of this message."""
        self._listener.start()
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
        await self._listener.stop()

    def _hear(self, _: str, payload: str) -> None:
        for bell in self._bells.get(payload, ()):
            bell.ring()

    def _ring_all(self) -> None:
        """What was notified while nobody listened is looked up now."""
        for bells in list(self._bells.values()):
            for bell in bells:
                bell.ring()
