"""What became of a notice, kept a while where it is many people: a million are not counted for each look at a page.

One a process. Everybody who sees the same people sees the same count.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field, replace
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.notices.models import Notice
from community.notices.sending.progress import Counted, count_recipients

MANY = 50_000
TIMES = 10.0
"""A count of many people holds so many times as long as it took: it is looked at live, at a tenth of the cost."""
PATIENCE = 30.0
"""So long others are shown the count before, while one counts anew; no statement takes longer."""
_Who = tuple[UUID, UUID | None, UUID]


@dataclass(frozen=True, slots=True)
class _Kept:
    counted: Counted
    until: float


@dataclass(slots=True)
class Counts:
    """The counts of this process. Who finds none yet waits for whoever counts: a change wakes many consoles at once."""

    _kept: dict[_Who, _Kept] = field(default_factory=dict)
    _turns: WeakValueDictionary[_Who, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def find(self, session: AsyncSession, actor: StaffActor, notice: Notice) -> Counted:
        """The count of a notice that the caller has found within the actor's rights."""
        who = (notice.id, actor.community_id, actor.street_id)
        if kept := self._find_kept(who):
            return kept.counted
        async with self._turns.setdefault(who, asyncio.Lock()):
            if kept := self._find_kept(who):
                return kept.counted
            return await self._count(session, actor, notice, who)

    def _find_kept(self, who: _Who) -> _Kept | None:
        kept = self._kept.get(who)
        return kept if kept is not None and time.monotonic() < kept.until else None

    async def _count(self, session: AsyncSession, actor: StaffActor, notice: Notice, who: _Who) -> Counted:
        at = time.monotonic()
        if kept := self._kept.get(who):
            self._kept[who] = replace(kept, until=at + PATIENCE)
        counted = await count_recipients(session, actor, notice)
        if counted.count.people > MANY:
            self._keep(who, _Kept(counted, at + (TIMES + 1) * (time.monotonic() - at)))
        return counted

    def _keep(self, who: _Who, fresh: _Kept) -> None:
        at = time.monotonic()
        self._kept = {each: kept for each, kept in self._kept.items() if at < kept.until} | {who: fresh}
