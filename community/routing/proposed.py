"""Reading proposals for the list of responsibilities: what waits for a decision, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.parties.models import Staff
from community.places.models import Place
from community.routing.models import MatrixProposal, ProposalState


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal with the names around it."""

    row: MatrixProposal
    place: Place | None
    proposer: Staff
    decider: Staff | None


async def find_proposals(
    session: AsyncSession, community_id: UUID, *, open_only: bool, most: int = 50
) -> Sequence[Proposal]:
    """The proposals of a community, the newest first: those that wait, or those that are decided."""
    proposer, decider = aliased(Staff), aliased(Staff)
    state = MatrixProposal.state == ProposalState.PROPOSED
    rows = await session.execute(
        select(MatrixProposal, Place, proposer, decider)
        .join(proposer, proposer.id == MatrixProposal.proposed_by)
        .outerjoin(decider, decider.id == MatrixProposal.decided_by)
        .outerjoin(Place, Place.id == MatrixProposal.place_id)
        .where(MatrixProposal.community_id == community_id, state if open_only else ~state)
        .order_by(MatrixProposal.proposed_at.desc())
        .limit(most)
    )
    return [Proposal(row, place, by, decided) for row, place, by, decided in rows]
