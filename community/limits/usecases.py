"""Count what may happen only so often; counters are rows, so a restart or a second process does not reset them."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import case, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import count_changed
from community.clock import now
from community.errors import TooMany
from community.limits.models import LimitCounter


async def count_use(session: AsyncSession, key: str, most: int, window: timedelta) -> None:
    """Count one use of `key`; raise TooMany with the seconds to wait after `most` uses in a window."""
    moment = now()
    over = LimitCounter.starts_at <= moment - window
    row = insert(LimitCounter).values(key=key, starts_at=moment, used=1)
    counted = await session.execute(
        row.on_conflict_do_update(
            index_elements=[LimitCounter.key],
            set_={
                "starts_at": case((over, moment), else_=LimitCounter.starts_at),
                "used": case((over, 1), else_=LimitCounter.used + 1),
            },
        ).returning(LimitCounter.used, LimitCounter.starts_at)
    )
    used, starts_at = counted.one()
    if used > most:
        raise TooMany(ceil((starts_at + window - moment).total_seconds()))


async def is_used_up(session: AsyncSession, key: str, most: int, window: timedelta) -> bool:
    """Whether the next use of `key` in this window would be one too many; counts nothing."""
    counter = await session.get(LimitCounter, key, populate_existing=True)
    return counter is not None and counter.used >= most and counter.starts_at > now() - window


async def forget_old_counters(session: AsyncSession, at: datetime) -> int:
    """Delete counters whose longest window (a day) is over; returns how many."""
    gone = await session.execute(delete(LimitCounter).where(LimitCounter.starts_at < at - timedelta(days=1)))
    return count_changed(gone)
