"""Whose team it is: the committee and social workers keep all of their community, a partner those of its own party."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists

from community.actors import StaffActor
from community.parties.models import Role, Staff
from community.teams.models import Team


def kept_by(actor: StaffActor) -> ColumnElement[bool]:
    """That a team is of the actor's community and, for a partner, was made by its party."""
    here = Team.community_id == actor.community_id
    if actor.role is not Role.PARTNER:
        return here
    return and_(here, exists().where(Staff.id == Team.made_by, Staff.party_id == actor.party_id))
