"""Who may read and who may handle a need. Every answer is no unless a line here says yes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.actors import Actor, ResidentActor, StaffActor
from community.needs.models import Need, NeedAssignment, Visibility
from community.parties.models import Applies, Party, Responsibility, Role
from community.parts.models import UNDONE, NeedPart, PartState
from community.places.models import Place
from community.staff_reach.queries import is_same_person


async def may_read(session: AsyncSession, actor: Actor, need: Need) -> bool:
    """Who reported it, staff of the community with a share in it, the street office; see below for confidential."""
    if isinstance(actor, ResidentActor):
        return need.resident_id == actor.resident_id
    if not isinstance(actor, StaffActor) or not await _inside_walls(session, actor, need):
        return False
    if need.visibility is Visibility.CONFIDENTIAL:
        return await _is_assigned_social_worker(session, actor, need)
    if actor.role in (Role.COMMITTEE, Role.STREET):
        return True
    if actor.role in (Role.SOCIAL_WORKER, Role.PARTNER):
        return need.lead_party_id == actor.party_id or await _has_share(session, actor, need)
    return False


async def may_know(session: AsyncSession, actor: StaffActor, need: Need) -> bool:
    """Who may know that a need exists: its readers, and social workers of the team that leads it."""
    return await may_read(session, actor, need) or (
        actor.role is Role.SOCIAL_WORKER and need.lead_party_id == actor.party_id
    )


async def may_handle(session: AsyncSession, actor: StaffActor, need: Need) -> bool:
    """Accept, answer, note, resolve: staff of the leading party who may read it, but nobody the own matter."""
    if need.lead_party_id != actor.party_id or await is_same_person(
        session, actor.staff_id, need.resident_id
    ):
        return False
    return await may_read(session, actor, need)


def may_see_contact(actor: StaffActor, need: Need) -> bool:
    """Name and phone of the resident: for the leading party and the committee, not for those who assist or look on."""
    return need.lead_party_id == actor.party_id or (
        actor.role is Role.COMMITTEE and actor.community_id == need.community_id
    )


def may_take(actor: StaffActor, need: Need) -> bool:
    """Assign oneself: staff of the leading party; for a confidential need only its social workers."""
    if need.lead_party_id != actor.party_id or actor.role is Role.ADMIN:
        return False
    return need.visibility is not Visibility.CONFIDENTIAL or actor.role is Role.SOCIAL_WORKER


async def _inside_walls(session: AsyncSession, actor: StaffActor, need: Need) -> bool:
    if actor.community_id is not None:
        return actor.community_id == need.community_id
    if actor.role is not Role.STREET:
        return False
    lead = await session.get(Party, need.lead_party_id) if need.lead_party_id else None
    return lead is None or lead.street_id == actor.street_id


async def _is_assigned_social_worker(session: AsyncSession, actor: StaffActor, need: Need) -> bool:
    if actor.role is not Role.SOCIAL_WORKER:
        return False
    assigned = exists().where(
        NeedAssignment.need_id == need.id,
        NeedAssignment.staff_id == actor.staff_id,
        NeedAssignment.ended_at.is_(None),
    )
    if await is_same_person(session, actor.staff_id, need.resident_id):
        return False
    return bool(await session.scalar(select(assigned)))


async def _has_share(session: AsyncSession, actor: StaffActor, need: Need) -> bool:
    """A share by the list, in the line that holds for the need's place, or a part that the lead asked for."""
    itself = exists().where(Need.id == need.id, is_shared_with(actor.party_id))
    return bool(await session.scalar(select(itself)))


def is_shared_with(party_id: UUID, community_id: UUID | None = None) -> ColumnElement[bool]:
    """Whether a party has a share in a need, as a condition on needs; of one community where the caller says so.

    A narrower line takes the place of the general one, so whoever stands only in that has no share there.
    """
    mine = select(Responsibility.kind).where(
        Responsibility.party_id == party_id,
        Responsibility.community_id == (community_id or Need.community_id),
        Responsibility.applies == Applies.ALWAYS,
        Responsibility.place_id.is_(None),
    )
    where = tuple_(Need.kind, Need.place_id)
    elsewhere = or_(Need.place_id.is_(None), where.not_in(_narrow_lines(Responsibility.id.is_not(None))))
    parts = select(NeedPart.need_id).where(
        NeedPart.party_id == party_id, NeedPart.state.in_((*UNDONE, PartState.DONE))
    )
    return or_(
        and_(Need.kind.in_(mine), elsewhere),
        where.in_(_narrow_lines(Responsibility.party_id == party_id)),
        Need.id.in_(parts),
    )


def _narrow_lines(condition: ColumnElement[bool]) -> Select[str, UUID]:
    """Kind and place of everything that a narrower line covers: its place, and what lies in it."""
    place, above = aliased(Place), aliased(Place)
    return (
        select(Responsibility.kind, place.id)
        .join(
            place,
            or_(place.id == Responsibility.place_id, place.parent_id == Responsibility.place_id)
            | place.parent_id.in_(select(above.id).where(above.parent_id == Responsibility.place_id)),
        )
        .where(Responsibility.place_id.is_not(None), Responsibility.applies == Applies.ALWAYS, condition)
    )
