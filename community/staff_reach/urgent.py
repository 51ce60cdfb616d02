"""Who is told what, and when: a crisis all ways at any hour, the rest in office hours, or to who is on duty."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.needs.models import Need, Visibility
from community.parties.models import Party, Role, Staff
from community.roster.queries import find_all_on_duty, find_leaders
from community.routing.people import is_absent
from community.staff_reach.linking import withdraw_from_staff
from community.staff_reach.models import StaffLink
from community.staff_reach.telling import tell_staff

_LINKED = select(Staff.id, Staff.role).where(
    Staff.party_id == bindparam("party_id"),
    Staff.disabled_at.is_(None),
    Staff.role != Role.ADMIN,
    ~is_absent(bindparam("at", type_=DateTime(timezone=True))),
    Staff.id.in_(select(StaffLink.staff_id)),
)


async def ring_staff(
    session: AsyncSession, need: Need, alert_id: UUID, turn: int, staff_ids: Collection[UUID], at: datetime
) -> None:
    """A step of an alert called these colleagues, in the round `turn` through the roster."""
    purpose = f"{purpose_of_ringing(alert_id)}{turn}"
    await tell_staff(session, need, staff_ids, "staff_crisis", purpose, at=at, all_ways=True)


async def stop_ringing(
    session: AsyncSession,
    need: Need,
    alert_id: UUID,
    called: Collection[UUID],
    at: datetime,
    *,
    taker: Staff | None,
) -> None:
    """The alert is over: who was called hears who has it, and what is still queued is not sent."""
    for staff_id in called:
        await withdraw_from_staff(session, staff_id, purpose_of_ringing(alert_id))
    others = [staff_id for staff_id in called if taker is None or staff_id != taker.id]
    message = "staff_crisis_taken" if taker else "staff_crisis_over"
    named = {"name": taker.name} if taker else None
    over = f"alert over:{alert_id}"
    await tell_staff(session, need, others, message, over, at=at, all_ways=True, values=named)


async def tell_of_urgent_need(session: AsyncSession, need: Need, at: datetime) -> None:
    """A party has an urgent need: who is on duty hears it at any hour, the colleagues when the office opens."""
    party = await session.get(Party, need.lead_party_id) if need.lead_party_id else None
    if party is None:
        return
    colleagues = await _find_linked(session, party.id, need, at)
    if not colleagues:
        return
    on_duty = [person.id for person in await find_all_on_duty(session, party.id, at)]
    for staff_ids, waits in ((on_duty, False), ([each for each in colleagues if each not in on_duty], True)):
        await tell_staff(
            session,
            need,
            [each for each in staff_ids if each in colleagues],
            "staff_urgent_need",
            f"urgent:{need.id}:{party.id}",
            at=at,
            waits=waits,
            values={"party": party.name},
        )


async def tell_of_bad_rating(
    session: AsyncSession, need: Need, survey_id: UUID, staff_id: UUID | None, party_id: UUID, at: datetime
) -> None:
    """A need was rated 1 or 2: who is to call back hears it; where that is nobody, who leads the party."""
    whom = [staff_id] if staff_id else await _leaders(session, party_id, at)
    await tell_staff(session, need, whom, "staff_bad_rating", f"rating:{survey_id}", at=at, waits=True)


async def tell_of_clock(
    session: AsyncSession,
    need: Need,
    purpose: str,
    staff_id: UUID | None,
    party_id: UUID | None,
    due_at: datetime,
    at: datetime,
    *,
    waits: bool,
) -> None:
    """A clock runs out, or has: the person who is reminded hears it; otherwise who leads the party that is."""
    whom = [staff_id] if staff_id else await _leaders(session, party_id, at)
    message = "staff_clock_late" if due_at <= at else "staff_clock"
    due = {"due_at": due_at.isoformat()}
    await tell_staff(session, need, whom, message, f"clock:{purpose}", at=at, waits=waits, values=due)


async def _leaders(session: AsyncSession, party_id: UUID | None, at: datetime) -> Sequence[UUID]:
    return [person.id for person in await find_leaders(session, party_id, at)] if party_id else []


async def _find_linked(session: AsyncSession, party_id: UUID, need: Need, at: datetime) -> Sequence[UUID]:
    """Colleagues of the party with an own account who are not absent; of what is confidential only social workers."""
    rows = await session.execute(_LINKED, {"party_id": party_id, "at": at})
    secret = need.visibility is Visibility.CONFIDENTIAL
    return [staff_id for staff_id, role in rows if role is Role.SOCIAL_WORKER or not secret]


def purpose_of_ringing(alert_id: UUID) -> str:
    """How the purposes of an alert's calls to a colleague go on after the colleague."""
    return f"alert:{alert_id}:"
