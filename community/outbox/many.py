"""One named message to many people, to each with values and buttons of their own: two statements for a thousand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.contact.queries import chosen_first
from community.outbox.models import OutboxMessage, OutboxState, Priority
from community.outbox.usecases import Buttons
from community.residents.models import Address, AddressState

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Letter:
    """What one resident is told; `purpose` is unique over all messages."""

    resident_id: UUID
    purpose: str
    values: Mapping[str, Any]
    buttons: Buttons = field(default=())


async def enqueue_many(
    session: AsyncSession,
    message: str,
    letters: Sequence[Letter],
    *,
    priority: Priority,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Queue the message to all of these residents, as `enqueue_message` does for one."""
    for first in range(0, len(letters), AT_ONCE):
        some = letters[first : first + AT_ONCE]
        places = await _find_places(session, [letter.resident_id for letter in some])
        rows = [
            _row(letter, places.get(letter.resident_id))
            | {
                "message": message,
                "priority": priority,
                "due_at": due_at or now(),
                "expires_at": expires_at,
                "created_at": now(),
            }
            for letter in some
        ]
        await session.execute(insert(OutboxMessage).on_conflict_do_nothing(), rows)


def _row(letter: Letter, place: tuple[UUID, str] | None) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "resident_id": letter.resident_id,
        "purpose": letter.purpose,
        "values": dict(letter.values),
        "buttons": [dict(button) for button in letter.buttons],
        "address_id": place[0] if place else None,
        "channel": place[1] if place else None,
        "state": OutboxState.PENDING if place else OutboxState.SUPPRESSED,
        "reason": None if place else "no_address",
    }


async def _find_places(session: AsyncSession, residents: Sequence[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """Where each of them is written to; whoever is reached nowhere is missing."""
    wanted = (
        select(Address.resident_id, Address.id, Address.channel)
        .ext(distinct_on(Address.resident_id))
        .where(Address.resident_id.in_(residents), Address.state == AddressState.ACTIVE)
        .order_by(Address.resident_id, chosen_first(), Address.last_seen_at.desc())
    )
    return {row[0]: (row[1], row[2]) for row in await session.execute(wanted)}
