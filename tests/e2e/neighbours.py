"""Residents who talk in a thread of their own, so that the main thread may stop and start processes meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass

from anyio.from_thread import BlockingPortal, start_blocking_portal

from community.clock import now
from tests.e2e.counting import find_broken_rules, wait_until_quiet
from tests.e2e.residents import Crowd, Resident
from tests.e2e.town import Town

Act = Callable[[Resident], Awaitable[object]]


@dataclass(frozen=True)
class Neighbours:
    """Everybody does the same at once."""

    residents: Sequence[Resident]
    portal: BlockingPortal

    def begin(self, act: Act) -> Future[None]:
        """Let everybody do it; the future is done when all have, and holds the first failure."""
        return self.portal.start_task_soon(self._all, act)

    def do(self, act: Act) -> None:
        """Let everybody do it and wait."""
        self.begin(act).result()

    async def _all(self, act: Act) -> None:
        await asyncio.gather(*(act(resident) for resident in self.residents))


@contextmanager
def neighbours(town: Town, people: int, *, keep: int = 60) -> Iterator[Neighbours]:
    """New residents of Riverside with the chat open. At the end everything they said and were told is counted."""
    since, where = now(), town.cast.there.community
    with start_blocking_portal() as portal:
        crowd = Crowd(town.url, where.code, keep=keep)
        together = Neighbours([Resident(f"neighbour {number}", crowd) for number in range(people)], portal)
        together.do(Resident.come)
        yield together
        wait_until_quiet(town.database_url)
        together.do(Resident.compare_with_thread)
        together.do(Resident.leave)
        portal.call(crowd.close)
    faults = [fault for resident in together.residents for fault in resident.faults]
    faults += find_broken_rules(town.database_url, where.id, since)
    assert not faults, "\n\n".join(faults)
