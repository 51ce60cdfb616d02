"""Kills processes of a running Linli at random (SIGKILL) and starts them again, while somebody else is at work."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator

import httpx

from operations.deployment import Deployment, explain_end

TARGETS = ("web", "web-2", "worker", "database", "bot")
QUICK_TO_START = TARGETS[:-1]
BOT_CHANCE = 0.2
DEAD_SECONDS = (0.0, 2.0)
QUIET_SECONDS = (0.3, 2.5)


class Chaos:
    """Call it from the main thread, which has to be the one that starts processes. `seed` repeats a run's choices."""

    def __init__(self, deployment: Deployment, seed: int) -> None:
        self.kills: Counter[str] = Counter()
        self._deployment, self._random = deployment, random.Random(seed)

    def rage_until(self, over: Callable[[], bool]) -> None:
        """Kill until it is over, every process at least once, and at the end all of them at the same moment."""
        for round_ in self._rounds():
            if over() and len(self.kills) == len(TARGETS):
                self._strike(TARGETS)
                return
            self._strike(round_)
            self._pause(QUIET_SECONDS, over)

    def _rounds(self) -> Iterator[tuple[str, ...]]:
        """One process at a time, each once; after that now and then two together."""
        yield from ((name,) for name in self._random.sample(TARGETS, len(TARGETS)))
        while True:
            together = self._random.sample(QUICK_TO_START, self._random.choice((1, 1, 2)))
            with_bot = self._random.random() < BOT_CHANCE and self._bot_is_up()
            yield (*together, *(["bot"] if with_bot else []))

    def _bot_is_up(self) -> bool:
        """Rasa starts for many seconds; killed again and again before that, it would never answer anybody."""
        try:
            return httpx.get(f"{self._deployment.settings.bot_address}/status", timeout=1).is_success
        except httpx.TransportError:
            return False

    def _strike(self, names: tuple[str, ...]) -> None:
        if (child := self._deployment.ended()) is not None:
            raise AssertionError(explain_end(child))
        for name in names:
            self._deployment.kill(name)
            self.kills[name] += 1
        self._pause(DEAD_SECONDS)
        for name in names:
            self._deployment.start(name)

    def _pause(self, between: tuple[float, float], over: Callable[[], bool] = lambda: False) -> None:
        end = time.monotonic() + self._random.uniform(*between)
        while time.monotonic() < end and not over():
            time.sleep(0.1)
