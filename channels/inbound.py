"""The first step of every message: stored, once, before it is acknowledged. Next: channels/turns."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import Incoming
from community.clock import now
from community.errors import NotFound, TooMany
from community.inbox.models import InboundMessage
from community.residents.usecases import Known
from linli.text import clean_text

WINDOW = timedelta(minutes=1)
LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class Stored:
    """The inbound message's id; `repeated` where it had come before."""

    id: int
    repeated: bool


_STORE = text(
    """
    INSERT INTO inbound_messages
        (address_id, resident_id, channel, outside_id, text, payload, files, media, location,
         state, due_at, received_at)
    VALUES (
        :address_id, :resident_id, :channel, :message_id, :text, :payload, CAST(:files AS jsonb), :media, :location,
        'waiting', :sent_at, :sent_at
    )
    ON CONFLICT (channel, outside_id) DO NOTHING
    RETURNING id
    """
).bindparams(
    bindparam("text", type_=InboundMessage.text.type),
    bindparam("payload", type_=InboundMessage.payload.type),
    bindparam("media", type_=InboundMessage.media.type),
    bindparam("location", type_=InboundMessage.location.type),
)


_PACE = text(
    "SELECT received_at FROM inbound_messages WHERE resident_id = :resident_id "
    "ORDER BY id DESC OFFSET :older LIMIT 1"
)


async def store_inbound(session: AsyncSession, known: Known, incoming: Incoming) -> Stored:
    """Store a message of a known person. A repeat (same channel and outside id) changes nothing and says so."""
    whose = {"address_id": known.address_id, "resident_id": known.resident_id}
    made = await session.scalar(_STORE, whose | values_of(incoming))
    if made is not None:
        return Stored(made, repeated=False)
    found = await find_stored(session, incoming)
    if found is None:
        raise NotFound
    return Stored(found, repeated=True)


def values_of(incoming: Incoming) -> dict[str, Any]:
    """What a statement stores of a message."""
    return {
        "channel": incoming.channel,
        "message_id": incoming.message_id,
        "text": incoming.text,
        "payload": incoming.payload,
        "files": json.dumps([str(file_id) for file_id in incoming.files]),
        "media": [asdict(ref) for ref in incoming.media] or None,
        "location": _location(incoming),
        "sent_at": incoming.at or now(),
    }


async def check_pace(session: AsyncSession, resident_id: UUID, most: int) -> None:
    """Raise TooMany where a person sent `most` messages in the last minute; reads at most that many index rows."""
    earliest: datetime | None = await session.scalar(_PACE, {"resident_id": resident_id, "older": most - 1})
    if left := left_of_pace(earliest, now()):
        raise TooMany(left)


def left_of_pace(earliest: datetime | None, at: datetime) -> int:
    """Seconds until the earliest of as many as are allowed is a minute old; 0 where one more is allowed."""
    left = (earliest + WINDOW - at).total_seconds() if earliest else 0
    return int(left) + 1 if left > 0 else 0


async def find_stored(session: AsyncSession, incoming: Incoming) -> int | None:
    """The id of a message that came before; None where it did not."""
    wanted = select(InboundMessage.id).where(
        InboundMessage.channel == incoming.channel, InboundMessage.outside_id == incoming.message_id
    )
    found: int | None = await session.scalar(wanted)
    return found


def _location(incoming: Incoming) -> dict[str, Any] | None:
    place = incoming.location
    return {**asdict(place), "label": clean_text(place.label)[:LONGEST_LABEL]} if place else None
