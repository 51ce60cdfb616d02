"""Reading what is known about a resident: home with its community, and the addresses that Linli reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import NotFound
from community.places.models import Community, Place
from community.residents.models import Address, Resident

# Made once: nearly every turn of a conversation asks.
_PROFILE = (
    select(Resident, Community, Place)
    .outerjoin(Community, Community.id == Resident.community_id)
    .outerjoin(Place, Place.id == Resident.home_id)
    .where(Resident.id == bindparam("resident_id"))
)


@dataclass(frozen=True, slots=True)
class Profile:
    """A resident with community and home, where they are known."""

    resident: Resident
    community: Community | None
    home: Place | None


async def get_profile(session: AsyncSession, resident_id: UUID) -> Profile:
    """The resident with community and home; raises NotFound."""
    row = (await session.execute(_PROFILE, {"resident_id": resident_id})).first()
    if row is None:
        raise NotFound
    return Profile(*row)


async def find_addresses(session: AsyncSession, resident_id: UUID) -> Sequence[Address]:
    """Where the resident is reached, the one used last first."""
    wanted = select(Address).where(Address.resident_id == resident_id, Address.unlinked_at.is_(None))
    wanted = wanted.order_by(Address.last_seen_at.desc())
    return (await session.scalars(wanted)).all()
