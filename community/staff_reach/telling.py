"""What is urgent goes to the own accounts of colleagues: which matter, where in the console, no words of it.

Called in the transaction in which it becomes urgent, by community/alerts, clocks, callbacks and needs. Each message is
queued once an account. Who left, and who is the resident of the matter, gets nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.needs.clocks import next_opening
from community.needs.models import Need
from community.outbox.models import Priority
from community.outbox.usecases import enqueue_message
from community.parties.models import Staff
from community.places.models import Community
from community.residents.models import Address, AddressState
from community.staff_reach.linking import prefix_of
from community.staff_reach.models import StaffLink
from community.staff_reach.queries import is_resident

STALE = timedelta(hours=12)
"""What was not delivered by then tells of something that has moved on."""


async def tell_staff(
    session: AsyncSession,
    need: Need,
    staff_ids: Collection[UUID],
    message: str,
    purpose: str,
    *,
    at: datetime,
    all_ways: bool = False,
    waits: bool = False,
    values: Mapping[str, object] | None = None,
) -> None:
    """Queue the message about a need for these colleagues, each at the account used last, or `all_ways` at each one.

    With `waits` it comes when the office opens; otherwise at any hour. `purpose` is unique for a colleague.
    """
    due_at = await _when_open(session, need, at) if waits else at
    told: set[UUID] = set()
    for link, address in await _find_accounts(session, need, staff_ids):
        if not all_ways and link.staff_id in told:
            continue
        told.add(link.staff_id)
        await enqueue_message(
            session,
            link.resident_id,
            message,
            f"{prefix_of(link.staff_id)}{purpose}:{address.id}",
            values={"code": need.code, "console": f"/staff/needs/{need.id}", **(values or {})},
            priority=Priority.URGENT,
            due_at=due_at,
            expires_at=due_at + STALE,
            address=address,
        )


async def _find_accounts(
    session: AsyncSession, need: Need, staff_ids: Collection[UUID]
) -> Sequence[tuple[StaffLink, Address]]:
    wanted = (
        select(StaffLink, Address)
        .join(Address, Address.id == StaffLink.address_id)
        .join(Staff, Staff.id == StaffLink.staff_id)
        .where(
            StaffLink.staff_id.in_(staff_ids),
            Staff.disabled_at.is_(None),
            Address.state == AddressState.ACTIVE,
            not_(is_resident(StaffLink.staff_id, need.resident_id)),
        )
        .order_by(StaffLink.staff_id, Address.last_seen_at.desc())
    )
    return [(link, address) for link, address in await session.execute(wanted)]


async def _when_open(session: AsyncSession, need: Need, at: datetime) -> datetime:
    community = await session.get_one(Community, need.community_id)
    return next_opening(community.office_hours, community.zone, at) or at
