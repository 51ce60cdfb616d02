"""A colleague links an own account on a channel, sees it and ends it. Before: the console shows a code."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.clock import now
from community.errors import NotFound
from community.linking.codes import Shown, make_code
from community.parties.models import Party, Staff
from community.residents.models import Address
from community.staff_reach.models import StaffLink


async def make_staff_code(session: AsyncSession, actor: StaffActor) -> Shown:
    """Six digits that the actor types in an own channel. Raises TooMany."""
    return await make_code(session, staff_id=actor.staff_id)


async def link_staff(session: AsyncSession, staff_id: UUID, resident_id: UUID, address_id: UUID) -> None:
    """The colleague typed the own code at this address; typed twice is linked once. Raises NotFound for who left."""
    staff = await session.get(Staff, staff_id)
    if staff is None or staff.disabled_at is not None:
        raise NotFound
    row = insert(StaffLink).values(
        staff_id=staff_id, address_id=address_id, resident_id=resident_id, linked_at=now()
    )
    await session.execute(row.on_conflict_do_nothing())
    await _note(session, staff, "staff_channel_linked")


async def find_links(session: AsyncSession, staff_id: UUID) -> Sequence[tuple[StaffLink, Address]]:
    """The accounts of a colleague, the newest last."""
    wanted = (
        select(StaffLink, Address)
        .join(Address, Address.id == StaffLink.address_id)
        .where(StaffLink.staff_id == staff_id)
        .order_by(StaffLink.linked_at)
    )
    return [(link, address) for link, address in await session.execute(wanted)]


async def end_link(session: AsyncSession, actor: StaffActor, address_id: UUID) -> None:
    """Nothing of the office goes to this own account any more. Raises NotFound for anybody else's."""
    gone = await session.scalar(
        delete(StaffLink)
        .where(StaffLink.staff_id == actor.staff_id, StaffLink.address_id == address_id)
        .returning(StaffLink.address_id)
    )
    if gone is None:
        raise NotFound
    await _note(session, await session.get_one(Staff, actor.staff_id), "staff_channel_ended")


async def end_links(session: AsyncSession, staff_id: UUID) -> None:
    """Who works here no more gets nothing any more."""
    await session.execute(delete(StaffLink).where(StaffLink.staff_id == staff_id))


def is_resident(staff_id: object, resident_id: object) -> ColumnElement[bool]:
    """Whether a colleague is also this resident, as a condition; ids or columns."""
    return exists().where(StaffLink.staff_id == staff_id, StaffLink.resident_id == resident_id)


async def _note(session: AsyncSession, staff: Staff, act: str) -> None:
    party = await session.get_one(Party, staff.party_id)
    actor = StaffActor(staff.id, staff.role, party.id, party.community_id, party.street_id, staff.name)
    note_act(session, actor, act, subject_kind="staff", subject_id=staff.id, community_id=party.community_id)
