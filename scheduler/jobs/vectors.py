"""Measure what has no vector: ways of asking that were written while the bot was away, and words that were masked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from channels.bot_client import TEXTS_AT_ONCE, BotAway, BotClient, BotFailed
from community.answers import usecases as answers
from community.learning import noting
from scheduler.tools import Tools

log = structlog.get_logger()
Find = Callable[[AsyncSession, int], Awaitable[Sequence[tuple[UUID, str]]]]
Keep = Callable[[AsyncSession, Mapping[UUID, bytes]], Awaitable[int]]
SOURCES: Sequence[tuple[Find, Keep]] = (
    (answers.find_unmeasured, answers.keep_vectors),
    (noting.find_unmeasured, noting.keep_vectors),
)


async def vectors(tools: Tools, at: datetime) -> int:
    """Ask the bot for what is missing, at most 256 of each kind; gives how many vectors came."""
    del at  # what has no vector is always due
    return sum([await _measure(tools, find, keep) for find, keep in SOURCES])


async def _measure(tools: Tools, find: Find, keep: Keep) -> int:
    """No connection of the pool is held while the bot works."""
    async with tools.sessions() as session:
        waiting = await find(session, TEXTS_AT_ONCE)
    if not waiting or not tools.bot_address:
        return 0
    bot = BotClient(tools.bot_address, timeout=tools.bot_timeout)
    try:
        measured = await bot.vectors([words for _, words in waiting])
    except (BotAway, BotFailed) as error:
        log.warning("vectors_put_off", reason=str(error), texts=len(waiting))
        return 0
    finally:
        await bot.close()
    async with tools.sessions.begin() as session:
        numbers = [number for number, _ in waiting]
        return await keep(session, dict(zip(numbers, measured, strict=True)))
