"""A person lets a channel go: what waits for it goes to another one, and whoever writes there next is somebody new.

The address stays with what was said there, under a name of ours, so that the person's own history has no holes.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import case, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import ResidentActor
from community.audit.usecases import note_act
from community.clock import now
from community.contact.queries import get_preference
from community.contact.usecases import is_on, set_preference
from community.errors import NotFound, Refused
from community.outbox.models import OutboxMessage, OutboxState
from community.outbox.usecases import find_address
from community.residents.models import Address, AddressState, Resident
from community.residents.queries import find_addresses
from community.staff_reach.linking import end_links_at


async def unlink_address(session: AsyncSession, resident_id: UUID, address_id: UUID) -> str:
    """The address is no more the person's; gives its channel. Raises NotFound, Refused("link_is_only") for the last."""
    resident = await session.get_one(Resident, resident_id, with_for_update={"key_share": True})
    address = await session.get(Address, address_id, with_for_update=True, populate_existing=True)
    if address is None or address.resident_id != resident_id or address.unlinked_at is not None:
        raise NotFound
    if len(await find_addresses(session, resident_id)) == 1:
        raise Refused("link_is_only")
    address.outside_id, address.state = f"unlinked:{address.id}", AddressState.STOPPED
    address.unlinked_at = now()
    await session.flush()
    await end_links_at(session, resident_id, address_id)
    await _choose_no_lost_channel(session, resident_id)
    await _send_elsewhere(session, resident_id, address_id)
    note_act(
        session,
        ResidentActor(resident_id),
        "channel_unlinked",
        subject_kind="resident",
        subject_id=resident_id,
        community_id=resident.community_id,
        channel=address.channel,
    )
    return address.channel


async def find_others(session: AsyncSession, resident_id: UUID, address_id: UUID) -> Sequence[Address]:
    """The person's other addresses, the one used last first."""
    return [row for row in await find_addresses(session, resident_id) if row.id != address_id]


async def _choose_no_lost_channel(session: AsyncSession, resident_id: UUID) -> None:
    chosen = (await get_preference(session, resident_id)).channel
    if chosen is not None and not await is_on(session, resident_id, chosen):
        await set_preference(session, resident_id, channel=None)


async def _send_elsewhere(session: AsyncSession, resident_id: UUID, address_id: UUID) -> None:
    """What is queued for the address goes where the person is reached now; where nowhere, staff see it.

    What waited for the person is due now. What is held stays so: whoever releases it finds where the person is then.
    """
    other = await find_address(session, resident_id)
    waited = OutboxMessage.state == OutboxState.WAITING
    sent_on = (
        {
            "state": OutboxState.PENDING,
            "address_id": other.id,
            "channel": other.channel,
            "due_at": case((waited, now()), else_=OutboxMessage.due_at),
            "attempts": 0,
            "reason": None,
        }
        if other
        else {"state": OutboxState.SUPPRESSED, "reason": "address_stopped"}
    )
    await session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.resident_id == resident_id,
            OutboxMessage.address_id == address_id,
            OutboxMessage.state.in_((OutboxState.PENDING, OutboxState.WAITING)),
        )
        .values(**sent_on)
    )
