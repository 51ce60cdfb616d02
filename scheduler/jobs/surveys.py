"""The next step of every survey that is due: ask, or wait with the reason; remind once, close."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.surveys.asking import find_due_surveys, take_due_survey
from community.surveys.holding import release_held
from scheduler.one_by_one import take_one_by_one
from scheduler.tools import Tools

MOST = 500


async def surveys(tools: Tools, at: datetime) -> int:
    """Take at most 500 due surveys one step on, each in a transaction of its own; gives how many.

    Those of people who were in contact again are due by that.
    """
    async with tools.sessions.begin() as session:
        await release_held(session, at)

    async def take(session: AsyncSession, moment: datetime, survey_id: UUID) -> int:
        return int(await take_due_survey(session, moment, tools.survey_times, survey_id) is not None)

    return await take_one_by_one(tools, at, find_due_surveys, take, most=MOST, broke="survey_broke")
