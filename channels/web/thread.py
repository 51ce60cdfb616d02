"""The thread of the web chat: what the person said and was told, numbered; delivered means stored here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

THREAD_CHANGED = "linli_thread"

_APPEND_OWN = text(
    """
    WITH longer AS (
        UPDATE addresses SET thread_length = thread_length + 1, last_seen_at = :at, state = 'active'
        WHERE id = :address_id RETURNING thread_length
    )
    INSERT INTO thread_items (address_id, seq, inbound_id, at)
    SELECT :address_id, thread_length, :inbound_id, :at FROM longer
    RETURNING seq
    """
)

_APPEND_TOLD = text(
    """
    WITH given AS (
        SELECT * FROM unnest(CAST(:outbox_ids AS uuid[]), CAST(:address_ids AS uuid[]))
            WITH ORDINALITY AS g (outbox_id, address_id, n)
    ), locked AS (
        SELECT id FROM addresses WHERE id IN (SELECT address_id FROM given) ORDER BY id FOR UPDATE
    ), fresh AS (
        SELECT g.outbox_id, g.address_id, row_number() OVER (PARTITION BY g.address_id ORDER BY g.n) AS k
        FROM given AS g
        WHERE NOT EXISTS (SELECT FROM thread_items AS t WHERE t.outbox_id = g.outbox_id)
    ), longer AS (
        UPDATE addresses AS a SET thread_length = a.thread_length + f.many
        FROM (SELECT address_id, count(*) AS many FROM fresh GROUP BY address_id) AS f
        WHERE a.id = f.address_id AND a.id IN (SELECT id FROM locked)
        RETURNING a.id, a.thread_length - f.many AS base
    ), shown AS (
        INSERT INTO thread_items (address_id, seq, outbox_id, at)
        SELECT f.address_id, l.base + f.k, f.outbox_id, :at
        FROM fresh AS f JOIN longer AS l ON l.id = f.address_id
        ON CONFLICT (outbox_id) DO NOTHING
        RETURNING address_id
    )
    SELECT count(pg_notify('linli_thread', CAST(address_id AS text)))
    FROM (SELECT DISTINCT address_id FROM shown) AS changed
    """
)


async def append_own(session: AsyncSession, address_id: UUID, inbound_id: int, at: datetime) -> int:
    """Show a message that the person sent; gives its number in the thread."""
    seq: int = (
        await session.scalars(_APPEND_OWN, {"address_id": address_id, "inbound_id": inbound_id, "at": at})
    ).one()
    return seq


async def find_own_seq(session: AsyncSession, inbound_id: int) -> int | None:
    """The number in the thread of a message that came before."""
    found: int | None = await session.scalar(
        text("SELECT seq FROM thread_items WHERE inbound_id = :inbound_id"), {"inbound_id": inbound_id}
    )
    return found


async def append_told(
    session: AsyncSession, outbox_ids: Sequence[UUID], address_ids: Sequence[UUID], at: datetime
) -> None:
    """Show outbox rows in their people's threads, in the order given; one that is shown already stays once.

    Addresses are locked in the order of their ids, so that two senders cannot wait for each other.
    """
    await session.execute(
        _APPEND_TOLD, {"outbox_ids": list(outbox_ids), "address_ids": list(address_ids), "at": at}
    )
