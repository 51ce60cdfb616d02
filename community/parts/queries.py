"""Reading parts: those of one need, and those that a party was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.actors import StaffActor
from community.clock import now
from community.consents.rights import shared_parts
from community.needs.models import Need, Visibility
from community.parties.models import Party, Role
from community.parts.models import UNDONE, NeedPart, PartState
from community.places.models import Place

MOST = 60


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part with its need and who leads that."""

    part: NeedPart
    need: Need
    lead: Party | None
    place: Place | None


async def find_parts(session: AsyncSession, need_id: UUID) -> Sequence[tuple[NeedPart, Party]]:
    """The parts of a need that the caller may read, in the order in which they were asked for."""
    rows = await session.execute(
        select(NeedPart, Party)
        .join(Party, Party.id == NeedPart.party_id)
        .where(NeedPart.need_id == need_id, NeedPart.state != PartState.CANCELLED)
        .order_by(NeedPart.asked_at)
    )
    return [(part, party) for part, party in rows]


async def find_party_parts(session: AsyncSession, actor: StaffActor) -> Sequence[PartLine]:
    """The undone parts of the actor's party, those that wait for an answer first, then what is due first."""
    if actor.role is Role.ADMIN:
        return []
    lead = aliased(Party)
    rows = await session.execute(
        select(NeedPart, Need, lead, Place)
        .join(Need, Need.id == NeedPart.need_id)
        .outerjoin(lead, lead.id == Need.lead_party_id)
        .outerjoin(Place, Place.id == Need.place_id)
        .where(
            NeedPart.party_id == actor.party_id,
            NeedPart.state.in_(UNDONE),
            Need.visibility != Visibility.CONFIDENTIAL,
        )
        .order_by(NeedPart.state.desc(), Need.solution_due_at)
        .limit(MOST)
    )
    return [PartLine(*row) for row in rows]


async def count_asked_parts(session: AsyncSession, actor: StaffActor) -> int:
    """How many parts wait for the yes or no of the actor's party; a shared one only while the consent holds."""
    if actor.role is Role.ADMIN:
        return 0
    wanted = (
        select(func.count(NeedPart.id))
        .join(Need, Need.id == NeedPart.need_id)
        .where(NeedPart.party_id == actor.party_id, NeedPart.state == PartState.ASKED)
        .where(or_(Need.visibility != Visibility.CONFIDENTIAL, NeedPart.id.in_(shared_parts(actor, now()))))
    )
    return await session.scalar(wanted) or 0
