"""What a door says by itself, without a turn: that it cannot read something, or that it is too much.

Said where the person wrote, whatever channel they wish notices on. Before: the `taking.py` of a channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import Incoming
from channels.receiving import receive
from community.clock import now
from community.errors import TooMany
from community.inbox.models import InboundMessage, InboundState
from community.outbox.models import Priority
from community.outbox.usecases import enqueue_message
from community.residents.models import Address, Language
from community.residents.usecases import Known, meet_person

STALE = timedelta(minutes=10)


async def take_unread(
    session: AsyncSession, incoming: Incoming, message: str, *, language: Language | None = None
) -> None:
    """Store what cannot be read, so that it counts as a contact and comes once; handled with this message."""
    arrived = await receive(session, incoming, language=language)
    if arrived.stored.repeated:
        return
    await session.execute(
        update(InboundMessage)
        .where(InboundMessage.id == arrived.stored.id)
        .values(state=InboundState.HANDLED, handled_at=now())
    )
    await _tell(session, arrived.known, message, f"{incoming.channel}:{arrived.stored.id}", {})


async def tell_too_many(session: AsyncSession, incoming: Incoming, error: TooMany) -> None:
    """Say once a minute that it was too much."""
    known = await meet_person(session, incoming.channel, incoming.outside_id)
    purpose = f"{incoming.channel}:slow:{known.address_id}:{now():%Y%m%d%H%M}"
    await _tell(session, known, error.message, purpose, error.values)


async def _tell(
    session: AsyncSession, known: Known, message: str, purpose: str, values: Mapping[str, Any]
) -> None:
    await enqueue_message(
        session,
        known.resident_id,
        message,
        purpose,
        values=values,
        priority=Priority.REPLY,
        expires_at=now() + STALE,
        address=await session.get_one(Address, known.address_id),
    )
