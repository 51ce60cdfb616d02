"""Delete what nobody needs any more: counters of limits, ended sign-ins and failures, what is kept for a while only."""

from __future__ import annotations

from datetime import datetime

from community.access.usecases import forget_ended_access
from community.audit.usecases import forget_old_acts
from community.inbox.answers import forget_old_answers
from community.learning.noting import forget_old_unclear
from community.limits.usecases import forget_old_counters
from scheduler.tools import Tools


async def clean_up(tools: Tools, at: datetime) -> int:
    """Delete what ended before `at`; gives how many rows."""
    async with tools.sessions.begin() as session:
        ended = await forget_old_counters(session, at) + await forget_ended_access(session, at)
        ended += await forget_old_answers(session, at) + await forget_old_acts(session, at)
        return ended + await forget_old_unclear(session, at)
