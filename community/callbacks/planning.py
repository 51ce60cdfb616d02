"""A call-back is planned in the transaction that learns of the need for it: a low score, or nobody to write to."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM
from community.callbacks.choosing import find_callers
from community.callbacks.models import CallBack, CallBackState, CallBackWhy
from community.clock import now
from community.needs.clocks import add_working_minutes, next_opening
from community.needs.models import Need, Visibility
from community.needs.usecases.routing import get_party_of_type
from community.needs.usecases.steps import announce_to, note_event
from community.parties.models import PartyType, Staff
from community.places.models import Community
from community.staff_reach.urgent import tell_of_bad_rating
from community.surveys.models import Survey

LOW_SCORE = 2
CALL_MINUTES = 420  # one day of an office


async def plan_call_back(
    session: AsyncSession, need: Need, survey: Survey, why: CallBackWhy, at: datetime
) -> CallBack:
    """One call-back of this survey; a second call gives the one that is there, begun anew if it was cancelled."""
    caller, party_id = await choose_caller(session, need, at)
    due_at = await add_office_day(session, need, at)
    values = {
        "why": why,
        "created_at": at,
        "tries": 0,
        "with_leader": False,
        "state": CallBackState.OPEN,
        "party_id": party_id,
        "staff_id": caller.id if caller else None,
        "due_at": due_at,
        "next_at": due_at,
        "ended_at": None,
    }
    row = insert(CallBack).values(survey_id=survey.id, need_id=need.id, **values)
    again = row.on_conflict_do_update(
        index_elements=["survey_id"], set_=values, where=CallBack.state == CallBackState.CANCELLED
    )
    fresh = {"populate_existing": True}
    made: CallBack | None = await session.scalar(again.returning(CallBack), execution_options=fresh)
    if made is None:
        return (await session.scalars(select(CallBack).where(CallBack.survey_id == survey.id))).one()
    details = {"name": caller.name if caller else None, "due_at": due_at.isoformat()}
    await note_event(session, SYSTEM, need, f"call_back_{why}", at=at, **details)
    await announce_to(session, need.community_id, party_id)
    if why is CallBackWhy.LOW_SCORE:
        await tell_of_bad_rating(session, need, survey.id, made.staff_id, party_id, at)
    return made


async def cancel_call_back(session: AsyncSession, survey_id: UUID) -> None:
    """The score was corrected upwards before anybody called, or the answer that was to be asked for is there."""
    over = or_(CallBack.why == CallBackWhy.NOT_WRITTEN, CallBack.tries == 0)
    await session.execute(
        update(CallBack)
        .where(CallBack.survey_id == survey_id, CallBack.state == CallBackState.OPEN, over)
        .values(state=CallBackState.CANCELLED, next_at=None, ended_at=now())
    )


async def leave_call_backs(session: AsyncSession, staff_id: UUID) -> None:
    """Who works elsewhere from now on calls nobody any more: the party's leader has it, or who is found when due."""
    await session.execute(
        update(CallBack)
        .where(CallBack.staff_id == staff_id, CallBack.state == CallBackState.OPEN)
        .values(staff_id=None, next_at=func.coalesce(CallBack.next_at, now()))
    )


async def choose_caller(session: AsyncSession, need: Need, at: datetime) -> tuple[Staff | None, UUID]:
    """Who is to call and the party it lies with; None where nobody fits who is there, then with the committee.

    A confidential need stays with the social workers who lead it.
    """
    callers = await find_callers(session, need, at)
    if callers:
        return callers[0], callers[0].party_id
    return None, await _find_keeper(session, need)


async def add_office_day(session: AsyncSession, need: Need, at: datetime) -> datetime:
    """One day of the community's office after `at`: how long a call-back may take."""
    community = await session.get_one(Community, need.community_id)
    return add_working_minutes(CALL_MINUTES, at, community.office_hours, community.zone)


async def next_morning(session: AsyncSession, need: Need, at: datetime) -> datetime:
    """When the office opens on the next day that it does, to try again."""
    community = await session.get_one(Community, need.community_id)
    local = at.astimezone(ZoneInfo(community.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = local + timedelta(days=1)
    return next_opening(community.office_hours, community.zone, tomorrow) or at + timedelta(days=1)


async def _find_keeper(session: AsyncSession, need: Need) -> UUID:
    if need.lead_party_id is not None and need.visibility is Visibility.CONFIDENTIAL:
        return need.lead_party_id
    committee = await get_party_of_type(session, need.community_id, PartyType.COMMITTEE)
    return committee.id
