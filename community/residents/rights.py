"""Who decides about messages of a resident that are stuck: whoever knows the person, so that none is lost."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false

from community.actors import StaffActor
from community.parties.models import Role
from community.residents.models import Resident


def may_answer_for(actor: StaffActor, resident: Resident) -> bool:
    """The committee of the community; the street office for those who belong to none yet."""
    if actor.role is Role.STREET:
        return resident.community_id is None
    return actor.role is Role.COMMITTEE and resident.community_id == actor.community_id


def answered_for_by(actor: StaffActor) -> ColumnElement[bool]:
    """The rule of `may_answer_for` as a condition on residents."""
    if actor.role is Role.STREET:
        return Resident.community_id.is_(None)
    return Resident.community_id == actor.community_id if actor.role is Role.COMMITTEE else false()
