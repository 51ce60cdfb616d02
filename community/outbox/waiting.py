"""Messages that no channel may send now: they wait for the person's next contact, or go by another channel before.

Before: channels/delivery, which found that the window or the budget of an address is over.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import count_changed
from community.contact.hours import ASLEEP, MINUTE, MORNING, USUAL
from community.outbox.models import OutboxMessage, OutboxState
from community.outbox.paces import KINDS
from community.outbox.sending import OPEN_CHANNELS
from community.places.models import DEFAULT_ZONE
from community.residents.models import Address, AddressState
from community.residents.usecases import Known

SEEN_WITHIN = timedelta(days=30)
"""Another channel reaches somebody who was there in this time."""
LOOKS_BACK = 1_000
"""Inbound messages commit out of their order, so that so many before the last one seen are looked at again."""

# What the office tells a colleague goes to accounts that this colleague linked, never to another of the same person.
_FOR_THEM = """
    (NOT starts_with({row}.purpose, 'staff:') OR EXISTS (
        SELECT FROM staff_links AS l
        WHERE l.address_id = {address}.id AND starts_with({row}.purpose, concat('staff:', l.staff_id, ':'))
    ))
"""
# After a backup was restored nothing is freed before the outbox has been looked through; see `watch`.
FREE = f"""
    UPDATE outbox_messages AS o
    SET state = 'pending', reason = 'freed', due_at = :at, attempts = 0, address_id = a.id, channel = a.channel
    FROM {{came}} AS a
    WHERE o.resident_id = a.resident_id AND o.state = 'waiting' AND (o.expires_at IS NULL OR o.expires_at > :at)
      AND {_FOR_THEM.format(row="o", address="a")}
      AND NOT EXISTS (SELECT FROM outbox_watch WHERE tidied_at < CAST(:at AS timestamptz) - interval '1 day')
"""  # noqa: S608 - put together from the lines above
"""Frees what waits for who came; `{came}` is a table of id, resident_id and channel, for whoever stores a message."""
_FREE = text(FREE.format(came="(SELECT id, resident_id, channel FROM addresses WHERE id = :address_id)"))
# It goes where its person is, or else to the channel that they chose, or one where they were lately. There it keeps its
# own time and, unless somebody waits for it or it is urgent, the hours in which the person sleeps.
_MOVE = f"""
    UPDATE outbox_messages AS o
    SET state = 'pending', reason = NULL, attempts = 0, address_id = b.id, channel = b.channel,
        due_at = CASE WHEN w.here THEN :at ELSE b.due_at END
    FROM ({{rows}}) AS w CROSS JOIN LATERAL (
        SELECT a.id, a.channel, CASE WHEN w.priority IN ('3_normal', '4_bulk') AND {ASLEEP}
            THEN {MORNING} ELSE wanted_at END AS due_at
        FROM (
            SELECT *, {MINUTE} FROM (
                SELECT *, wanted_at AT TIME ZONE zone AS local FROM (
                    SELECT greatest(w.due_at, :at) AS wanted_at, coalesce(c.zone, :zone) AS zone, p.channel AS chosen,
                        coalesce(p.quiet_from, :quiet_from) AS quiet_from,
                        coalesce(p.quiet_until, :quiet_until) AS quiet_until
                    FROM residents AS r LEFT JOIN communities AS c ON c.id = r.community_id
                    LEFT JOIN contact_preferences AS p ON p.resident_id = r.id
                    WHERE r.id = w.resident_id
                ) AS wishes
            ) AS clock
        ) AS person JOIN addresses AS a ON a.resident_id = w.resident_id
        WHERE a.state = 'active'
          AND (CAST(:channels AS text[]) IS NULL OR a.channel = ANY(CAST(:channels AS text[])))
          AND a.id IS DISTINCT FROM w.leaves AND {_FOR_THEM.format(row="w", address="a")}
          AND (a.last_seen_at > :seen_since OR a.channel = chosen)
          AND coalesce(a.window_until > :at, true) AND coalesce(a.may_send > 0, true)
          AND NOT EXISTS (
              SELECT FROM channel_paces AS p WHERE p.channel = a.channel AND p.rests_until > :at
          )
        ORDER BY NOT w.here AND a.channel IS NOT DISTINCT FROM chosen DESC, a.last_seen_at DESC LIMIT 1
    ) AS b
    WHERE o.id = w.id AND o.state = w.state
    RETURNING o.id
"""  # noqa: S608 - put together from the lines above
_ELSEWHERE = text(
    _MOVE.format(
        rows="""
        SELECT *, false AS here, address_id AS leaves FROM outbox_messages
        WHERE id = ANY(CAST(:ids AS uuid[])) AND state IN ('waiting', 'pending', 'failed', 'suppressed')
        """
    )
)
_LAST_SEEN = text("SELECT coalesce(max(id), 0) FROM inbound_messages")
# What was refused for its kind is not tried again at its address before its person writes there, whatever else they do.
_FREE_SEEN = text(
    _MOVE.format(
        rows="""
        SELECT m.*, i.at > CAST(:at AS timestamptz) - interval '10 minutes' AS here,
            CASE WHEN m.reason = ANY(CAST(:kinds AS text[])) THEN m.address_id END AS leaves
        FROM (
            SELECT resident_id, max(received_at) AS at FROM inbound_messages WHERE id > :after GROUP BY resident_id
        ) AS i JOIN outbox_messages AS m ON m.resident_id = i.resident_id AND m.state = 'waiting'
        """
    )
)
_WATCH = text(
    """
    INSERT INTO outbox_watch AS w (id, tidied_at, inbound_seen) VALUES (1, :at, :seen)
    ON CONFLICT (id) DO UPDATE
    SET tidied_at = greatest(w.tidied_at, excluded.tidied_at),
        inbound_seen = greatest(w.inbound_seen, excluded.inbound_seen)
    RETURNING (SELECT tidied_at FROM outbox_watch) AS tidied_before,
              (SELECT inbound_seen FROM outbox_watch) AS seen_before
    """
)
_HOLD_WAITING = text("UPDATE outbox_messages SET state = 'held', reason = 'too_old' WHERE state = 'waiting'")
_OFF = text(
    f"""
    WITH RECURSIVE {OPEN_CHANNELS}
    UPDATE outbox_messages AS o SET state = 'failed', reason = 'misconfigured'
    FROM open_channels AS c
    WHERE c.channel <> ALL(CAST(:channels AS text[])) AND o.state = 'pending' AND o.channel = c.channel
      AND o.due_at <= :at
    RETURNING o.id
    """  # noqa: S608 - put together from the lines above
)


async def free_waiting(session: AsyncSession, known: Known, at: datetime) -> int:
    """What waits for this person is due now at the address where they are; gives how much it is."""
    values = {"address_id": known.address_id, "at": at}
    return count_changed(await session.execute(_FREE, values))


async def move_elsewhere(
    session: AsyncSession, ids: Collection[UUID], at: datetime, channels: Collection[str] | None = None
) -> Sequence[UUID]:
    """Rows whose person is reached now by another of these channels (of all, where none are named) go there.

    Gives the ids of those.
    """
    if not ids:
        return []
    values = {"ids": list(ids), **_reach(channels, at)}
    return (await session.scalars(_ELSEWHERE, values)).all()


async def watch(session: AsyncSession, at: datetime, hold_after: timedelta, channels: Collection[str]) -> int:
    """Free what waits for people who came by the web chat meanwhile, whose door does not look for it.

    Where nobody looked for longer than `hold_after`, this is a restored backup or a long rest: what waits then is held
    until somebody releases it, as what is overdue is. Gives how many rows are held.
    """
    last = await session.scalar(_LAST_SEEN)
    before = (await session.execute(_WATCH, {"at": at, "seen": last})).one()
    if before.tidied_before is None:
        return 0
    if at - before.tidied_before > hold_after:
        return count_changed(await session.execute(_HOLD_WAITING))
    if last != before.seen_before:
        after = before.seen_before - LOOKS_BACK
        await session.execute(_FREE_SEEN, {"after": after, "kinds": list(KINDS), **_reach(channels, at)})
    return 0


async def leave_channels_that_are_off(session: AsyncSession, channels: Collection[str], at: datetime) -> int:
    """What is due on a channel that is on no more goes another way, or is shown to staff as failed; gives how much."""
    failed = (await session.scalars(_OFF, {"channels": list(channels), "at": at})).all()
    moved = await move_elsewhere(session, failed, at, channels)
    return len(failed) - len(moved)


async def stop_addresses(
    session: AsyncSession,
    address_ids: Sequence[UUID],
    at: datetime,
    channels: Collection[str] | None = None,
    *,
    unless_seen_since: datetime | None = None,
) -> None:
    """Write to these no more, until the person comes back; what is queued for them goes elsewhere or is suppressed.

    Who was there after `unless_seen_since` has come back already: what was refused before says nothing of them.
    """
    away = true() if unless_seen_since is None else Address.last_seen_at <= unless_seen_since
    stopped = await session.execute(
        update(Address)
        .where(Address.id.in_(address_ids), away)
        .values(state=AddressState.STOPPED)
        .returning(Address.id, Address.resident_id)
    )
    here = stopped.all()
    suppressed = await session.scalars(
        update(OutboxMessage)
        .where(
            OutboxMessage.resident_id.in_([row.resident_id for row in here]),
            OutboxMessage.address_id.in_([row.id for row in here]),
            OutboxMessage.state.in_((OutboxState.PENDING, OutboxState.WAITING)),
        )
        .values(state=OutboxState.SUPPRESSED, reason="address_stopped")
        .returning(OutboxMessage.id)
    )
    await move_elsewhere(session, suppressed.all(), at, channels)


def _reach(channels: Collection[str] | None, at: datetime) -> dict[str, object]:
    return {
        "channels": None if channels is None else list(channels),
        "at": at,
        "seen_since": at - SEEN_WITHIN,
        "zone": DEFAULT_ZONE,
        **USUAL,
    }
