"""The usual message of the web chat, words of a person we know, stored and shown in one statement.

Everything else (a first message, a button, photos, a message that comes again, too many of them) goes the longer way of
channels/inbound.py, which says what is wrong. Next: channels/turns.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from channels.inbound import WINDOW
from community.clock import now
from community.residents.usecases import Known

_SAY = text(
    """
    WITH person AS (
        SELECT id, resident_id FROM addresses WHERE channel = 'web' AND outside_id = :outside_id
    ), stored AS (
        INSERT INTO inbound_messages
            (address_id, resident_id, channel, outside_id, text, files, state, due_at, received_at)
        SELECT p.id, p.resident_id, 'web', :message_id, :words, '[]', 'waiting', :now, :now
        FROM person AS p
        WHERE NOT EXISTS (
            SELECT FROM (
                SELECT received_at FROM inbound_messages AS i WHERE i.resident_id = p.resident_id
                ORDER BY i.id DESC OFFSET :older LIMIT 1
            ) AS one_too_many
            WHERE received_at > :since
        )
        ON CONFLICT (channel, outside_id) DO NOTHING
        RETURNING id, address_id, resident_id
    ), longer AS (
        UPDATE addresses AS a SET thread_length = a.thread_length + 1, last_seen_at = :now, state = 'active'
        FROM stored WHERE a.id = stored.address_id
        RETURNING a.thread_length
    ), shown AS (
        INSERT INTO thread_items (address_id, seq, inbound_id, at)
        SELECT stored.address_id, longer.thread_length, stored.id, :now FROM stored, longer
        RETURNING seq
    )
    SELECT stored.address_id, stored.resident_id, shown.seq FROM stored, shown
    """
)


@dataclass(frozen=True, slots=True)
class Said:
    """A message that is stored: who said it, and its number in the thread."""

    known: Known
    seq: int


async def say(
    session: AsyncSession, outside_id: str, message_id: str, words: str, most_a_minute: int
) -> Said | None:
    """Store and show words of the person at `outside_id`; None, and nothing stored, where this is not so simple."""
    moment = now()
    values = {
        "outside_id": outside_id,
        "message_id": message_id,
        "words": words,
        "now": moment,
        "since": moment - WINDOW,
        "older": most_a_minute - 1,
    }
    row = (await session.execute(_SAY, values)).first()
    return Said(Known(row[0], row[1]), row[2]) if row else None
