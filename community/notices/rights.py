"""Who writes, reads, approves and cancels notices. Every answer is no unless a line here says yes.

The committee of the community and the street office: the former for its own people, the latter for all of the street.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select

from community.actors import StaffActor
from community.notices.models import Notice, NoticeState, NoticeTemplate, SavedAudience
from community.parties.models import Role
from community.places.models import Community

OUT = frozenset({NoticeState.SENDING, NoticeState.SENT})


def may_write(actor: StaffActor) -> bool:
    """Draft a notice: to one's own community, or from the street office to the whole street."""
    if actor.role is Role.STREET:
        return actor.community_id is None
    return actor.role is Role.COMMITTEE and actor.community_id is not None


def wall_of(actor: StaffActor) -> dict[str, UUID | None]:
    """Whose a notice, template or audience of this person is: the columns of its owner."""
    is_street = actor.role is Role.STREET
    return {
        "community_id": None if is_street else actor.community_id,
        "street_id": actor.street_id if is_street else None,
    }


def owns(actor: StaffActor, made: Notice | NoticeTemplate | SavedAudience) -> bool:
    """Change it, submit it, take it back: the office whose it is."""
    if not may_write(actor):
        return False
    if actor.role is Role.STREET:
        return made.street_id == actor.street_id
    return made.community_id == actor.community_id


def may_decide(actor: StaffActor, notice: Notice, community_street: UUID | None) -> bool:
    """Approve, reject, cancel: the office whose it is, and the street office for the communities of its street.

    `community_street` is the street of the notice's community. That nobody approves their own words is checked by
    the use-case, which knows who wrote them.
    """
    if owns(actor, notice):
        return True
    return actor.role is Role.STREET and may_write(actor) and community_street == actor.street_id


def readable_by(actor: StaffActor) -> ColumnElement[bool]:
    """The notices in the console's list: those of the own office, for the street those of its communities, for a
    committee also what the street has sent."""
    if not may_write(actor):
        return false()
    of_street = Notice.street_id == actor.street_id
    if actor.role is Role.STREET:
        inside = select(Community.id).where(Community.street_id == actor.street_id)
        return or_(of_street, Notice.community_id.in_(inside))
    return or_(Notice.community_id == actor.community_id, and_(of_street, Notice.state.in_(OUT)))
