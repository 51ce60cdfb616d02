"""Who may see and who may keep a party's duty roster. Every answer is no unless a line here says yes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import Actor, StaffActor
from community.parties.models import Party, PartyType, Role, Staff

KEPT = {PartyType.COMMITTEE: Role.COMMITTEE, PartyType.SOCIAL_WORK_TEAM: Role.SOCIAL_WORKER}
"""The parties that have a roster, and the role of those who keep it."""


def may_keep(actor: Actor, party: Party) -> bool:
    """Add, change, remove, repeat: staff of the party itself."""
    return isinstance(actor, StaffActor) and actor.party_id == party.id and KEPT.get(party.type) is actor.role


async def may_see(session: AsyncSession, actor: Actor, party: Party) -> bool:
    """Its own people, who leads the committee of the community, and the street office."""
    if not isinstance(actor, StaffActor) or party.type not in KEPT:
        return False
    if may_keep(actor, party):
        return True
    if actor.role is Role.STREET:
        return actor.community_id is None and party.street_id == actor.street_id
    if actor.role is Role.COMMITTEE and party.community_id == actor.community_id:
        return bool(await session.scalar(select(Staff.leads).where(Staff.id == actor.staff_id)))
    return False
