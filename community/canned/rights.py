"""Who uses and who keeps canned answers: all of a party use its own; its leader, the committee and admins keep them."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.parties.models import Party, Role, Staff


def may_use(actor: StaffActor, party: Party) -> bool:
    """Everybody who works for the party."""
    return actor.party_id == party.id


async def may_keep(session: AsyncSession, actor: StaffActor, party: Party) -> bool:
    """Who leads the party, the committee of its community, an admin of its community or street."""
    if party.street_id != actor.street_id:
        return False
    if actor.role is Role.ADMIN:
        return actor.community_id in (None, party.community_id)
    if actor.role is Role.COMMITTEE and actor.community_id == party.community_id:
        return True
    return may_use(actor, party) and await _leads(session, actor)


async def _leads(session: AsyncSession, actor: StaffActor) -> bool:
    staff = await session.get(Staff, actor.staff_id)
    return staff is not None and staff.leads and staff.disabled_at is None
