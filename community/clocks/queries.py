"""Reminders that are addressed to somebody of staff: the latest of each need whose clock still runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.actors import StaffActor
from community.clocks.models import ClockName, ClockReminder, ClockStep, NeedClock
from community.needs.known import readable_to
from community.needs.models import Need
from community.parties.models import Party, Role, Staff
from community.places.models import Place

MOST = 100


@dataclass(frozen=True, slots=True)
class Reminder:
    """One need that is reminded of: its clock, the latest step, who leads; `readable` is False for what is masked."""

    need: Need
    clock: NeedClock
    step: ClockStep
    party: Party | None
    place: Place | None
    readable: bool


async def find_reminders(session: AsyncSession, actor: StaffActor) -> Sequence[Reminder]:
    """The reminders to the actor, what is due first on top: to the person, to who leads the party, to the street."""
    latest = _latest(actor).subquery()
    rows = await session.execute(
        select(Need, NeedClock, ClockReminder.step, Party, Place, readable_to(actor).label("readable"))
        .join(latest, latest.c.need_id == Need.id)
        .join(ClockReminder, ClockReminder.id == latest.c.reminder_id)
        .join(NeedClock, NeedClock.id == ClockReminder.clock_id)
        .outerjoin(Party, Party.id == Need.lead_party_id)
        .outerjoin(Place, Place.id == Need.place_id)
        .order_by(NeedClock.due_at)
        .limit(MOST)
    )
    return [Reminder(*row) for row in rows]


async def count_reminders(session: AsyncSession, actor: StaffActor) -> int:
    """How many needs the actor is reminded of."""
    return await session.scalar(select(func.count()).select_from(_latest(actor).subquery())) or 0


def _latest(actor: StaffActor) -> Select[UUID, int]:
    return (
        select(NeedClock.need_id, func.max(ClockReminder.id).label("reminder_id"))
        .join(ClockReminder, ClockReminder.clock_id == NeedClock.id)
        .join(Need, Need.id == NeedClock.need_id)
        .where(
            NeedClock.ended_at.is_(None),
            NeedClock.paused_at.is_(None),
            NeedClock.name != ClockName.WAITING,
            or_(ClockReminder.step == ClockStep.STREET, ClockReminder.party_id == Need.lead_party_id),
            _addressed_to(actor),
        )
        .group_by(NeedClock.need_id)
    )


def _addressed_to(actor: StaffActor) -> ColumnElement[bool]:
    """To the person; to the party where nobody was named; of a leader's to leaders, or to all where nobody leads.

    Nobody takes them along to another party.
    """
    if actor.role is Role.ADMIN:
        return ~true()
    me, leader = aliased(Staff), aliased(Staff)
    i_lead = exists().where(me.id == actor.staff_id, me.leads)
    nobody_leads = ~exists().where(
        leader.party_id == actor.party_id, leader.leads, leader.disabled_at.is_(None)
    )
    whose = or_(
        ClockReminder.staff_id == actor.staff_id,
        and_(ClockReminder.staff_id.is_(None), ClockReminder.step != ClockStep.LEADER),
        and_(ClockReminder.step == ClockStep.LEADER, or_(i_lead, nobody_leads)),
    )
    return and_(ClockReminder.party_id == actor.party_id, whose)
