"""Media of a message: what was fetched is put to it once; while the platform fails the message waits.

Before: channels/media.py has fetched and stored the bytes. Next: the bot is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.files.models import File
from community.inbox.models import InboundMessage
from community.inbox.usecases import LeaseLost, Waiting

BACKOFF = (timedelta(seconds=2), timedelta(seconds=10), timedelta(seconds=30))
TRIES = 3
AWAY_REASON = "media_away"


_KEEP = text(
    """
        UPDATE inbound_messages SET files = :files, media = :media, tries = 0
        WHERE id = :id AND state = 'waiting' RETURNING id
        """
).bindparams(
    bindparam("files", type_=InboundMessage.files.type), bindparam("media", type_=InboundMessage.media.type)
)
_PUT_OFF = text(
    """
    UPDATE inbound_messages SET tries = tries + 1, due_at = :due_at, reason = :reason
    WHERE id = :id AND state = 'waiting' RETURNING id
    """
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file whose bytes lie under the data folder already; width and height, in pixels, are those of photos."""

    id: UUID
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None
    name: str | None = None


async def keep_media(
    session: AsyncSession, waiting: Waiting, kept: Kept | None, left: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Put a fetched file to the message, whose other media are still `left`; gives the files of the message.

    `kept` is None where there was nothing to be had. Raises LeaseLost where the message is somebody else's by now.
    """
    files = [*waiting.files, *([str(kept.id)] if kept else [])]
    if kept:
        session.add(
            File(
                id=kept.id,
                owner_id=waiting.resident_id,
                media_type=kept.media_type,
                name=kept.name,
                size=kept.size,
                width=kept.width,
                height=kept.height,
            )
        )
    values = {"id": waiting.id, "files": files, "media": [dict(ref) for ref in left] or None}
    if await session.scalar(_KEEP, values) is None:
        raise LeaseLost
    return files


async def put_off_for_media(session: AsyncSession, waiting: Waiting) -> bool:
    """The platform does not give the media now: the message is due again in a while; False after three tries.

    Raises LeaseLost.
    """
    if waiting.tries + 1 >= TRIES:
        return False
    due_at = now() + BACKOFF[min(waiting.tries, len(BACKOFF) - 1)]
    values = {"id": waiting.id, "due_at": due_at, "reason": AWAY_REASON}
    if await session.scalar(_PUT_OFF, values) is None:
        raise LeaseLost
    return True
