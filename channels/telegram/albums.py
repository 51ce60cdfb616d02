"""Several pictures sent at once are one message: Telegram brings each as an update, and five answers would be too many.

The first one is stored and waits a little for the others, which are put to it. Before: channels/telegram/taking.py.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import Incoming
from channels.receiving import receive
from channels.telegram.happened import Said
from channels.telegram.models import TelegramAlbumPart
from community.base import count_changed
from community.clock import now
from community.inbox.models import InboundMessage, InboundState

SETTLES, TOO_LATE = timedelta(seconds=2), timedelta(seconds=0.5)
"""How long the first picture waits, and how long before the end of that no other is put to it any more."""
KEPT = timedelta(days=2)


async def take_album(session: AsyncSession, said: Said, album: str, most_a_minute: int) -> None:
    """Store a picture of an album, once. Nobody need be woken: the message is due when the album is whole."""
    if not await _is_new(session, said.incoming.message_id):
        return
    bot = said.incoming.message_id.partition(":")[0]
    whole = replace(said.incoming, message_id=f"{bot}:album:{said.incoming.outside_id}:{album}")
    arrived = await receive(
        session, whole, scene=said.scene, language=said.language, most_a_minute=most_a_minute
    )
    first = await session.get_one(
        InboundMessage, arrived.stored.id, populate_existing=True, with_for_update=True
    )
    if not arrived.stored.repeated:
        first.due_at = now() + SETTLES
    elif first.state is InboundState.WAITING and first.due_at > now() + TOO_LATE:
        _put_to(first, said.incoming)
    else:
        await receive(session, said.incoming)


async def forget_old_album_parts(session: AsyncSession, at: datetime) -> int:
    """Telegram brings no update again after a day."""
    old = delete(TelegramAlbumPart).where(TelegramAlbumPart.received_at < at - KEPT)
    return count_changed(await session.execute(old))


def _put_to(first: InboundMessage, incoming: Incoming) -> None:
    first.media = [*(first.media or []), *(asdict(ref) for ref in incoming.media)]
    first.text = "\n".join(words for words in (first.text, incoming.text) if words)


async def _is_new(session: AsyncSession, key: str) -> bool:
    noted = insert(TelegramAlbumPart).values(id=key).on_conflict_do_nothing().returning(TelegramAlbumPart.id)
    return await session.scalar(noted) is not None
