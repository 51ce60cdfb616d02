"""Who sees what was not understood and teaches: the committee and admins of a community its own, the street all."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, true
from sqlalchemy.orm import InstrumentedAttribute

from community.actors import StaffActor
from community.parties.models import Role

TEACHERS = frozenset({Role.COMMITTEE, Role.STREET, Role.ADMIN})


def may_learn(actor: StaffActor) -> bool:
    """Look, teach, answer, ignore. Social workers and partners have other work."""
    return actor.role in TEACHERS and (actor.community_id is not None or actor.role is not Role.COMMITTEE)


def within(actor: StaffActor, community_id: InstrumentedAttribute[object]) -> ColumnElement[bool]:
    """The rows of the actor's community, or all of the street's; none for who may not learn."""
    if not may_learn(actor):
        return false()
    return true() if actor.community_id is None else community_id == actor.community_id
