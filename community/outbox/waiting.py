"""Messages that no channel may send now: they wait for the person's next contact, or go another way before.

Before: channels/delivery, which found that the window or the budget of an address is over.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import count_changed
from community.residents.usecases import Known

_FREE = text(
    """
    UPDATE outbox_messages AS o
    SET state = 'pending', reason = NULL, due_at = :at, address_id = a.id, channel = a.channel
    FROM addresses AS a
    WHERE a.id = :address_id AND o.resident_id = :resident_id AND o.state = 'waiting'
      AND (o.expires_at IS NULL OR o.expires_at > :at)
    """
)


async def free_waiting(session: AsyncSession, known: Known, at: datetime) -> int:
    """What waits for this person is due now at the address where they are; gives how much it is."""
    values = {"address_id": known.address_id, "resident_id": known.resident_id, "at": at}
    return count_changed(await session.execute(_FREE, values))
