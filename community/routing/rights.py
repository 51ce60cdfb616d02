"""Who may propose lines of the list of responsibilities, and who decides. Every answer is no unless a line says yes."""

from __future__ import annotations

from community.actors import StaffActor
from community.parties.models import Role
from community.places.models import Community
from community.routing.models import MatrixProposal, ProposalState

MAY_PROPOSE = frozenset({Role.COMMITTEE, Role.SOCIAL_WORKER, Role.STREET, Role.ADMIN})
MAY_DECIDE = frozenset({Role.COMMITTEE, Role.STREET, Role.ADMIN})


def may_propose(actor: StaffActor, community: Community) -> bool:
    """Committee, social workers and admins of the community, and the street office."""
    return actor.role in MAY_PROPOSE and is_inside(actor, community)


def may_decide(actor: StaffActor, proposal: MatrixProposal, community: Community) -> bool:
    """Committee and admins of the community, and the street office; never who proposed it."""
    return (
        actor.role in MAY_DECIDE
        and is_inside(actor, community)
        and actor.staff_id != proposal.proposed_by
        and proposal.state is ProposalState.PROPOSED
    )


def is_inside(actor: StaffActor, community: Community) -> bool:
    """Whether the community lies within the actor's walls."""
    if actor.community_id is None:
        return community.street_id == actor.street_id
    return actor.community_id == community.id
