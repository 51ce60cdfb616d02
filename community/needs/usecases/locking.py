"""A need locked for an act of its leading party, with the rights that the act wants; and the party it may go to."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.errors import NotAllowed, NotFound
from community.needs.models import Need
from community.needs.rights import may_handle, may_know
from community.needs.usecases.steps import lock_need
from community.parties.models import Party
from community.staff_reach.queries import is_same_person


async def lock_led(session: AsyncSession, actor: StaffActor, need_id: UUID) -> Need:
    """For an act that does not need to read it: decline, hand over. Raises NotFound, NotAllowed."""
    need = await lock_need(session, need_id)
    if not await may_know(session, actor, need):
        raise NotFound
    if need.lead_party_id != actor.party_id:
        raise NotAllowed("other_party_leads")
    if await is_same_person(session, actor.staff_id, need.resident_id):
        raise NotAllowed("own_matter")
    return need


async def lock_handled(session: AsyncSession, actor: StaffActor, need_id: UUID) -> Need:
    """For an act of somebody who reads it: answer, ask, resolve. Raises NotFound, NotAllowed."""
    need = await lock_led(session, actor, need_id)
    if not await may_handle(session, actor, need):
        raise NotAllowed("take_it_first")
    return need


def check_not_decided(need: Need) -> None:
    """Raises NotAllowed where the street office has decided who takes it: it goes back or on to nobody."""
    if need.routing_why == "street_decided":
        raise NotAllowed("street_has_decided")


async def get_receiver(session: AsyncSession, need: Need, party_id: UUID) -> Party:
    """Another party of the community that works there, to be given the need or a part. Raises NotFound."""
    party = await session.get(Party, party_id)
    works_here = party is not None and party.ended_at is None and party.community_id == need.community_id
    if party is None or not works_here or party.id == need.lead_party_id:
        raise NotFound("no_such_party")
    return party
