"""Whose needs somebody of staff may know of or read, as conditions for lists, counts and exports.

Every list of needs goes through here, so that it holds no more than single pages do; rights.py
says the same of one need.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, not_, or_, select

from community.actors import StaffActor
from community.needs.models import Need, NeedAssignment, Visibility
from community.needs.rights import is_shared_with
from community.parties.models import Party, Role
from community.staff_reach.queries import is_resident


def known_to(actor: StaffActor) -> ColumnElement[bool]:
    """The rule of `may_know` as a condition, so that lists and counts hold no more than single pages do."""
    if actor.role is Role.SOCIAL_WORKER:
        led = and_(Need.community_id == actor.community_id, Need.lead_party_id == actor.party_id)
        return or_(readable_to(actor), led)
    return readable_to(actor)


def readable_to(actor: StaffActor) -> ColumnElement[bool]:
    """The rule of `may_read` as a condition on needs."""
    open_to_all = Need.visibility != Visibility.CONFIDENTIAL
    inside = Need.community_id == actor.community_id
    own = Need.lead_party_id == actor.party_id
    if actor.role is Role.COMMITTEE:
        return and_(inside, open_to_all)
    if actor.role is Role.SOCIAL_WORKER:
        shared = and_(open_to_all, or_(own, is_shared_with(actor.party_id, actor.community_id)))
        confided = and_(
            not_(open_to_all), assigned_to(actor), not_(is_resident(actor.staff_id, Need.resident_id))
        )
        return and_(inside, or_(shared, confided))
    if actor.role is Role.PARTNER:
        return and_(inside, open_to_all, or_(own, is_shared_with(actor.party_id, actor.community_id)))
    if actor.role is Role.STREET and actor.community_id is None:
        of_street = select(Party.id).where(Party.street_id == actor.street_id)
        return and_(open_to_all, Need.lead_party_id.in_(of_street))
    return false()


def contact_seen_by(actor: StaffActor, of: type[Need] = Need) -> ColumnElement[bool]:
    """The rule of `may_see_contact` as a condition on needs."""
    own = of.lead_party_id == actor.party_id
    if actor.role is Role.COMMITTEE:
        return or_(own, of.community_id == actor.community_id)
    return own


def assigned_to(actor: StaffActor) -> ColumnElement[bool]:
    return Need.id.in_(
        select(NeedAssignment.need_id).where(
            NeedAssignment.staff_id == actor.staff_id, NeedAssignment.ended_at.is_(None)
        )
    )
