"""The next step of every survey that is due: ask, remind once, close."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from community.surveys.usecases import find_due_surveys, take_due_survey
from scheduler.tools import Tools

log = structlog.get_logger()
MOST = 500


async def surveys(tools: Tools, at: datetime) -> int:
    """Take at most 500 due surveys one step on, each in a transaction of its own; gives how many."""
    async with tools.sessions() as session:
        due = await find_due_surveys(session, at, MOST)
    return sum([await _take(tools, at, survey_id) for survey_id in due])


async def _take(tools: Tools, at: datetime, survey_id: UUID) -> bool:
    """One survey; one that cannot be taken on stays due, is logged, and stops none of the others."""
    try:
        async with tools.sessions.begin() as session:
            return await take_due_survey(session, at, tools.survey_times, survey_id) is not None
    except (OperationalError, InterfaceError, PoolTimeoutError, OSError):  # the database is away
        raise
    except Exception:
        log.exception("survey_broke", survey=str(survey_id))
        return False
