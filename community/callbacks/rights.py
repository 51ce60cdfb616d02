"""Who may know of a call-back and act on it: who is named and works for its party, and who leads that party then."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.callbacks.models import CallBack
from community.needs.models import Need, Visibility
from community.parties.models import Role, Staff


async def may_call(session: AsyncSession, actor: StaffActor, call: CallBack, need: Need) -> bool:
    """The rule of `addressed_to` for one call-back; a confidential need's is for social workers only."""
    if need.visibility is Visibility.CONFIDENTIAL and actor.role is not Role.SOCIAL_WORKER:
        return False
    mine = exists().where(CallBack.id == call.id, addressed_to(actor))
    return bool(await session.scalar(select(mine)))


def addressed_to(actor: StaffActor) -> ColumnElement[bool]:
    """Within its party: to who is named; to its leader when it is late or named to nobody, to all where nobody leads.

    So nobody keeps it who works for another party by now.
    """
    if actor.role is Role.ADMIN:
        return false()
    with_leader = and_(
        or_(CallBack.with_leader, CallBack.staff_id.is_(None)),
        _leads_or_nobody(actor.staff_id, actor.party_id),
    )
    return and_(CallBack.party_id == actor.party_id, or_(CallBack.staff_id == actor.staff_id, with_leader))


def _leads_or_nobody(staff_id: UUID, party_id: UUID) -> ColumnElement[bool]:
    leads = exists().where(Staff.id == staff_id, Staff.leads)
    led = exists().where(Staff.party_id == party_id, Staff.leads, Staff.disabled_at.is_(None))
    return or_(leads, ~led)
