"""Why a planned survey is not asked yet: the person cannot be written to, or is asked about another need just now.

The reason is kept with the survey. A contact of the person lets it go (`release_held`), a quiet moment after it, so
that what they came for is answered first.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import count_changed
from community.residents.models import Address, AddressState, Resident
from community.residents.reach import Windows, find_reach
from community.surveys.models import HeldFor, Survey, SurveyState

A_DAY = timedelta(days=1)
QUIET = timedelta(minutes=2)
UNTIL_CONTACT = (HeldFor.STOPPED, HeldFor.WINDOW_OVER)


async def find_reason_to_wait(
    session: AsyncSession, survey: Survey, at: datetime, windows: Windows
) -> HeldFor | None:
    """Why the survey cannot be asked at `at`; None where it can. The person is locked: one question at a time."""
    await session.execute(
        select(Resident.id).where(Resident.id == survey.resident_id).with_for_update(key_share=True)
    )
    reach = await find_reach(session, survey.resident_id, at, windows)
    if reach.why_not is not None:
        return HeldFor(reach.why_not.value)
    asks_another = await session.scalar(select(exists(_others(survey, at))))
    return HeldFor.ANOTHER_QUESTION if asks_another else None


async def next_look(session: AsyncSession, survey: Survey, at: datetime) -> datetime:
    """When to see again whether another question is over: a day after it was asked, then every day."""
    latest = await session.scalar(_others(survey, at).with_only_columns(func.max(Survey.asked_at)))
    return latest + A_DAY if latest is not None and latest + A_DAY > at else at + A_DAY


async def release_held(session: AsyncSession, at: datetime) -> int:
    """Surveys of people who were in contact since are due now; gives how many."""
    seen = exists().where(
        Address.resident_id == Survey.resident_id,
        Address.state == AddressState.ACTIVE,
        Address.last_seen_at > Survey.held_since,
        Address.last_seen_at <= at - QUIET,
    )
    released = (
        update(Survey)
        .where(Survey.state == SurveyState.PLANNED, Survey.held_for.in_(UNTIL_CONTACT), Survey.due_at > at)
        .where(seen)
        .values(due_at=at)
        .execution_options(synchronize_session=False)
    )
    return count_changed(await session.execute(released))


def _others(survey: Survey, at: datetime) -> Select[UUID]:
    """Other needs' surveys of this person that wait for an answer, or were asked within a day."""
    return select(Survey.id).where(
        Survey.resident_id == survey.resident_id,
        Survey.need_id != survey.need_id,
        or_(Survey.state == SurveyState.ASKED, Survey.asked_at > at - A_DAY),
    )
