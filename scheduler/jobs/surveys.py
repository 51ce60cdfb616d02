"""The next step of every survey that is due: ask, remind once, close."""

from __future__ import annotations

from datetime import datetime

from community.surveys.usecases import take_due_survey
from scheduler.tools import Tools

MOST = 500


async def surveys(tools: Tools, at: datetime) -> int:
    """Take at most 500 due surveys one step on, each in a transaction of its own; gives how many."""
    for done in range(MOST):
        async with tools.sessions.begin() as session:
            if await take_due_survey(session, at, tools.survey_times) is None:
                return done
    return MOST
