"""What became of a notice, kept a while where it is many people: a million are not counted for each look at a page.

One a process. Everybody who sees the same people sees the same count.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.notices.models import Notice
from community.notices.sending.progress import Counted, count_recipients

MANY = 50_000
TIMES = 10.0
"""A count of many people holds so many times as long as it took: it is looked at live, at a tenth of the cost."""
PATIENCE = 30.0
"""So long others are shown the count before, while one counts anew; no statement takes longer."""


@dataclass(frozen=True, slots=True)
class _Kept:
    counted: Counted
    until: float


@dataclass(slots=True)
class Counts:
    """The counts of this process."""

    _kept: dict[tuple[UUID, UUID | None, UUID], _Kept] = field(default_factory=dict)

    async def find(self, session: AsyncSession, actor: StaffActor, notice: Notice) -> Counted:
        """The count of a notice that the caller has found within the actor's rights."""
        who, at = (notice.id, actor.community_id, actor.street_id), time.monotonic()
        kept = self._kept.get(who)
        if kept is not None and at < kept.until:
            return kept.counted
        if kept is not None:
            self._kept[who] = replace(kept, until=at + PATIENCE)
        counted = await count_recipients(session, actor, notice)
        if counted.count.people > MANY:
            self._keep(who, _Kept(counted, at + (TIMES + 1) * (time.monotonic() - at)))
        return counted

    def _keep(self, who: tuple[UUID, UUID | None, UUID], fresh: _Kept) -> None:
        at = time.monotonic()
        self._kept = {each: kept for each, kept in self._kept.items() if at < kept.until} | {who: fresh}
