"""Where a staff member works, and whose accounts an admin manages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.errors import NotFound
from community.parties.models import Party, PartyType, Role, Staff
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


async def find_managed_parties(session: AsyncSession, actor: StaffActor) -> Sequence[Party]:
    """The parties whose accounts the actor manages: an admin's own community, or all of the street; for others none."""
    wanted = (
        select(Party).where(_managed_by(actor)).order_by(Party.community_id, Party.type, Party.created_at)
    )
    return (await session.scalars(wanted)).all()


async def find_managed_staff(session: AsyncSession, actor: StaffActor) -> Sequence[tuple[Staff, Party]]:
    """The accounts that the actor manages, those that are closed last."""
    wanted = (
        select(Staff, Party)
        .join(Party, Party.id == Staff.party_id)
        .where(_managed_by(actor))
        .order_by(Staff.disabled_at.is_not(None), Party.community_id, Party.type, Staff.name)
    )
    return [(staff, party) for staff, party in await session.execute(wanted)]


async def find_parties_of_type(
    session: AsyncSession, community: Community, kind: PartyType
) -> Sequence[Party]:
    """The parties of this kind that work for a community, the oldest first; its street's own for the street office."""
    own = Party.community_id == community.id
    whose = (
        and_(Party.community_id.is_(None), Party.street_id == community.street_id)
        if kind is PartyType.STREET_OFFICE
        else own
    )
    wanted = (
        select(Party)
        .where(whose, Party.type == kind, Party.ended_at.is_(None))
        .order_by(Party.created_at, Party.id)
    )
    return (await session.scalars(wanted)).all()


def _managed_by(actor: StaffActor) -> ColumnElement[bool]:
    """The rule of `_check_may_manage` in usecases.py as a condition."""
    if actor.role is not Role.ADMIN:
        return false()
    inside = true() if actor.community_id is None else Party.community_id == actor.community_id
    return and_(Party.street_id == actor.street_id, inside)
