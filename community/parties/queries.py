"""Where a staff member works: the party, and its community where it has one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.errors import NotFound
from community.parties.models import Party
from community.places.models import Community


@dataclass(frozen=True, slots=True)
class Workplace:
    """A party, and the community that it works for; the street office has none."""

    party: Party
    community: Community | None


async def get_workplace(session: AsyncSession, actor: StaffActor) -> Workplace:
    """Where the actor works; raises NotFound."""
    wanted = (
        select(Party, Community)
        .outerjoin(Community, Community.id == Party.community_id)
        .where(Party.id == actor.party_id)
    )
    row = (await session.execute(wanted)).first()
    if row is None:
        raise NotFound
    party, community = row
    return Workplace(party, community)
