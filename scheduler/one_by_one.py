"""Taking what is due one by one, each in a transaction of its own, so that one that breaks stops none of the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession

from scheduler.tools import Tools

log = structlog.get_logger()
AWAY = (OperationalError, InterfaceError, PoolTimeoutError, OSError)

Find = Callable[[AsyncSession, datetime, int], Awaitable[Sequence[UUID]]]
Take = Callable[[AsyncSession, datetime, UUID], Awaitable[int]]


async def take_one_by_one(
    tools: Tools, at: datetime, find: Find, take: Take, *, most: int, broke: str
) -> int:
    """Take at most `most` of what `find` gives; the sum of what `take` gives.

    One that cannot be taken stays due and is logged as `broke`. Raises what says that the database is away.
    """
    async with tools.sessions() as session:
        due = await find(session, at, most)
    return sum([await _take(tools, at, take, each, broke) for each in due])


async def _take(tools: Tools, at: datetime, take: Take, due: UUID, broke: str) -> int:
    try:
        async with tools.sessions.begin() as session:
            return await take(session, at, due)
    except AWAY:
        raise
    except Exception:
        log.exception(broke, id=str(due))
        return 0
