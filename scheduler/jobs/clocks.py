"""Remind of clocks of needs that run out, need by need: the person, the leader, the street, then it is late."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from community.clocks.reminding import find_due_needs, take_due_need
from scheduler.tools import Tools

log = structlog.get_logger()
MOST = 10_000


async def clocks(tools: Tools, at: datetime) -> int:
    """Send what is due at `at` for at most 10,000 needs, each in a transaction of its own; gives how many reminders."""
    async with tools.sessions() as session:
        due = await find_due_needs(session, at, MOST)
    return sum([await _take(tools, at, need_id) for need_id in due])


async def _take(tools: Tools, at: datetime, need_id: UUID) -> int:
    """One need; one that cannot be reminded of stays due, is logged, and stops none of the others."""
    try:
        async with tools.sessions.begin() as session:
            return await take_due_need(session, at, need_id)
    except (OperationalError, InterfaceError, PoolTimeoutError, OSError):  # the database is away
        raise
    except Exception:
        log.exception("clock_broke", need=str(need_id))
        return 0
