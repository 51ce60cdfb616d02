"""The person's page has shown what staff wrote: noted with the message, and the consoles draw their mark."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from community.needs.usecases.steps import wake_consoles_of

LOOKS_BACK = 100
_SEE = text(
    """
    UPDATE outbox_messages AS o SET seen_at = :at
    FROM thread_items AS t
    WHERE t.address_id = :address_id AND t.seq <= :seq AND t.seq > :seq - :back
      AND o.id = t.outbox_id AND o.seen_at IS NULL AND (o.staff_id IS NOT NULL OR o.need_id IS NOT NULL)
    RETURNING o.resident_id
    """
)


async def see_thread(session: AsyncSession, address_id: UUID, seq: int, at: datetime) -> int:
    """Everything about needs and from staff up to number `seq` is seen; gives how much of it was not before."""
    values = {"address_id": address_id, "seq": seq, "at": at, "back": LOOKS_BACK}
    seen = (await session.scalars(_SEE, values)).all()
    if seen:
        await wake_consoles_of(session, seen[0])
    return len(seen)
