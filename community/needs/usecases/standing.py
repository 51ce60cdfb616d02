"""Where the person stood: coordinates that a phone sent while a need was told go with its words for the place.

They are sealed with these words, as the place of a person is nobody's business but of who handles the need.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from community.inbox.models import InboundMessage

LATELY = timedelta(minutes=30)
LAST_MESSAGES = 20
_SENT = text(
    """
    SELECT location FROM (
        SELECT id, location, received_at FROM inbound_messages
        WHERE resident_id = :resident_id AND id <= :message_id ORDER BY id DESC LIMIT :most
    ) AS last
    WHERE location IS NOT NULL AND location <> 'null' AND received_at > :since
    ORDER BY id DESC LIMIT 1
    """
).columns(location=InboundMessage.location.type)


async def add_coordinates(
    session: AsyncSession, resident_id: UUID, message_id: int, place_words: str | None, at: datetime
) -> str | None:
    """The words for the place with the coordinates that the person sent in the last half hour, if any."""
    wanted = {
        "resident_id": resident_id,
        "message_id": message_id,
        "most": LAST_MESSAGES,
        "since": at - LATELY,
    }
    sent = await session.scalar(_SENT, wanted)
    if not sent:
        return place_words
    coordinates = f"{sent['latitude']:.5f}, {sent['longitude']:.5f}"
    words = place_words or str(sent["label"])
    return f"{words} ({coordinates})" if words else coordinates
