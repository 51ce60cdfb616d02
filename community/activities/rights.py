"""Who may plan and run activities. Every answer is no unless a line here says yes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_

from community.activities.models import Activity
from community.actors import StaffActor
from community.parties.models import Role

PLANNERS = frozenset({Role.COMMITTEE, Role.SOCIAL_WORKER, Role.PARTNER})


def may_plan(actor: StaffActor, community_id: UUID) -> bool:
    """Committee, social workers and partner parties, each for its own party in its own community."""
    return actor.role in PLANNERS and actor.community_id == community_id


def may_run(actor: StaffActor, activity: Activity) -> bool:
    """Publish, change, call for more, take arrivals: the party that planned it, and the committee of the community."""
    if not may_plan(actor, activity.community_id):
        return False
    return activity.party_id == actor.party_id or actor.role is Role.COMMITTEE


def runs(actor: StaffActor) -> ColumnElement[bool]:
    """`may_run` for whoever plans there, as a condition of a query."""
    here = Activity.community_id == actor.community_id
    return here if actor.role is Role.COMMITTEE else and_(here, Activity.party_id == actor.party_id)


def may_look(actor: StaffActor, activity: Activity) -> bool:
    """See plan and numbers, no people: all planners of the community, and the street office."""
    return may_plan(actor, activity.community_id) or (
        actor.role is Role.STREET and actor.community_id is None
    )
