"""Who is there and has least to do: absences, load, and the colleague who is suggested for a need."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from community.actors import StaffActor
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused
from community.needs.models import UNENDED, Need, Visibility
from community.parties.models import Party, Role, Staff
from community.routing.models import Absence
from community.staff_reach.queries import find_staff_who_are


@dataclass(frozen=True, slots=True)
class Load:
    """A colleague with the open needs that this person handles; `away_until` while absent."""

    staff: Staff
    open: int
    away_until: datetime | None


@dataclass(frozen=True, slots=True)
class Suggested:
    """Who it goes to, with the open needs that this person handles; `handles` says that this is one of them."""

    staff: Staff
    open: int
    handles: bool


async def suggest_assignee(session: AsyncSession, need: Need, at: datetime) -> Suggested | None:
    """Who handles the need, if present; else who of the lead party is and has least to do; None where nobody is.

    Never who reported it.
    """
    if need.lead_party_id is None:
        return None
    loads = await find_loads(session, need.lead_party_id, at)
    reporters = await find_staff_who_are(session, need.resident_id)
    fitting = [load for load in loads if load.staff.id not in reporters and _fits(load.staff, need)]
    present = [load for load in fitting if load.away_until is None]
    if not present:
        return None
    chosen = min(present, key=lambda load: (load.staff.id != need.assignee_id, load.open))
    return Suggested(chosen.staff, chosen.open, chosen.staff.id == need.assignee_id)


async def find_loads(session: AsyncSession, party_id: UUID, at: datetime) -> Sequence[Load]:
    """The working colleagues of a party, by name."""
    handled = (
        select(Need.assignee_id, func.count().label("open"))
        .where(Need.lead_party_id == party_id, Need.state.in_(UNENDED), Need.assignee_id.is_not(None))
        .group_by(Need.assignee_id)
        .subquery()
    )
    away = (
        select(Absence.staff_id, func.max(Absence.ends_at).label("until"))
        .where(Absence.starts_at <= at, Absence.ends_at > at)
        .group_by(Absence.staff_id)
        .subquery()
    )
    wanted = (
        select(Staff, func.coalesce(handled.c.open, 0), away.c.until)
        .outerjoin(handled, handled.c.assignee_id == Staff.id)
        .outerjoin(away, away.c.staff_id == Staff.id)
        .where(Staff.party_id == party_id, Staff.disabled_at.is_(None), Staff.role != Role.ADMIN)
        .order_by(Staff.name, Staff.id)
    )
    return [Load(staff, count, until) for staff, count, until in await session.execute(wanted)]


def has_somebody(moments: Collection[ColumnElement[datetime]]) -> ColumnElement[bool]:
    """Whether a party has somebody who is not absent at one of the moments, as a condition."""
    there = or_(*(~is_absent(at) for at in moments))
    working = (Staff.party_id == Party.id, Staff.disabled_at.is_(None), Staff.role != Role.ADMIN)
    return exists().where(*working, there)


def is_absent(
    at: datetime | ColumnElement[datetime] | InstrumentedAttribute[datetime],
) -> ColumnElement[bool]:
    """Whether a member of staff is absent at `at`, a moment or a column, as a condition."""
    return exists().where(and_(Absence.staff_id == Staff.id, Absence.starts_at <= at, Absence.ends_at > at))


async def add_absence(
    session: AsyncSession,
    actor: StaffActor,
    staff_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    why: str = "",
) -> Absence:
    """Somebody will not be there: said by oneself, the leader of the party, or an admin."""
    await _check_may_set(session, actor, staff_id)
    if starts_at >= ends_at or ends_at <= now():
        raise Refused("absence_unclear")
    absence = Absence(staff_id=staff_id, starts_at=starts_at, ends_at=ends_at, why=why, set_by=actor.staff_id)
    session.add(absence)
    await session.flush()
    return absence


async def end_absence(session: AsyncSession, actor: StaffActor, absence_id: UUID) -> None:
    """Back earlier, or not away after all: an absence that has not begun is taken away."""
    absence = await session.get(Absence, absence_id, with_for_update=True)
    if absence is None:
        raise NotFound
    await _check_may_set(session, actor, absence.staff_id)
    at = now()
    if absence.starts_at >= at:
        await session.delete(absence)
    else:
        absence.ends_at = min(absence.ends_at, at)


async def find_absences(
    session: AsyncSession, party_id: UUID, at: datetime
) -> Sequence[tuple[Absence, Staff]]:
    """The absences of a party's people that are not over, the next first."""
    wanted = (
        select(Absence, Staff)
        .join(Staff, Staff.id == Absence.staff_id)
        .where(Staff.party_id == party_id, Absence.ends_at > at)
        .order_by(Absence.starts_at)
    )
    return [(absence, staff) for absence, staff in await session.execute(wanted)]


async def leads_party(session: AsyncSession, actor: StaffActor) -> bool:
    """Whether the actor leads the own party."""
    return bool(await session.scalar(select(Staff.leads).where(Staff.id == actor.staff_id)))


async def _check_may_set(session: AsyncSession, actor: StaffActor, staff_id: UUID) -> None:
    staff = await session.get(Staff, staff_id)
    if staff is None:
        raise NotFound("no_such_colleague")
    if staff.id == actor.staff_id:
        return
    party = await session.get_one(Party, staff.party_id)
    managed = actor.role is Role.ADMIN and party.street_id == actor.street_id
    if managed and actor.community_id in (None, party.community_id):
        return
    if staff.party_id != actor.party_id:
        raise NotFound("no_such_colleague")
    if not await leads_party(session, actor):
        raise NotAllowed


def _fits(staff: Staff, need: Need) -> bool:
    return need.visibility is not Visibility.CONFIDENTIAL or staff.role is Role.SOCIAL_WORKER
