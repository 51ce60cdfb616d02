"""A colleague links an own account on a channel, sees it and ends it. Before: the console shows a code."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.clock import now
from community.errors import NotFound
from community.linking.codes import Shown, make_code
from community.outbox.models import TO_STAFF
from community.outbox.usecases import withdraw_messages
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
    link = await session.get(StaffLink, (actor.staff_id, address_id))
    if link is None:
        raise NotFound
    await withdraw_messages(session, prefix_of(actor.staff_id), [link.resident_id], address_id)
    await session.delete(link)
    await _note(session, await session.get_one(Staff, actor.staff_id), "staff_channel_ended")


async def end_links_at(session: AsyncSession, resident_id: UUID, address_id: UUID) -> None:
    """The account is no more this person's: what the office queued for it goes nowhere else."""
    await withdraw_messages(session, TO_STAFF, [resident_id], address_id)
    await session.execute(delete(StaffLink).where(StaffLink.address_id == address_id))


async def end_links(session: AsyncSession, staff_id: UUID) -> None:
    """Who works here no more gets nothing any more, nor what is queued."""
    await withdraw_from_staff(session, staff_id)
    await session.execute(delete(StaffLink).where(StaffLink.staff_id == staff_id))


async def withdraw_from_staff(session: AsyncSession, staff_id: UUID, purpose: str = "") -> None:
    """What is queued for a colleague with a purpose that begins so is not sent any more."""
    residents = select(StaffLink.resident_id).where(StaffLink.staff_id == staff_id)
    await withdraw_messages(session, f"{prefix_of(staff_id)}{purpose}", residents)


def prefix_of(staff_id: UUID) -> str:
    """How the purposes of all messages to a colleague begin."""
    return f"{TO_STAFF}{staff_id}:"


async def _note(session: AsyncSession, staff: Staff, act: str) -> None:
    party = await session.get_one(Party, staff.party_id)
    actor = StaffActor(staff.id, staff.role, party.id, party.community_id, party.street_id, staff.name)
    note_act(session, actor, act, subject_kind="staff", subject_id=staff.id, community_id=party.community_id)
