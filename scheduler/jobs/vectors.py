"""Measure what has no vector yet: ways of asking that were written while the bot was away."""

from __future__ import annotations

from datetime import datetime

import structlog

from channels.bot_client import TEXTS_AT_ONCE, BotAway, BotClient, BotFailed
from community.answers.usecases import find_unmeasured, keep_vectors
from scheduler.tools import Tools

log = structlog.get_logger()


async def vectors(tools: Tools, at: datetime) -> int:
    """Ask the bot for what is missing; gives how many vectors came. No connection is held meanwhile."""
    del at  # what has no vector is always due
    async with tools.sessions() as session:
        waiting = await find_unmeasured(session, TEXTS_AT_ONCE)
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
        return await keep_vectors(session, dict(zip(numbers, measured, strict=True)))
