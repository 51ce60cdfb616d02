"""The states of an outbox row on its way out: claimed, then sent, put off or given up; see channels/delivery."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import count_changed
from community.needs.usecases.steps import wake_consoles_of
from community.outbox.claiming import LEASE
from community.outbox.models import TO_STAFF, OutboxMessage, OutboxState

TRIES = 3
BACKOFF = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2))


OPEN_CHANNELS = """
    open_channels (channel) AS (
        (SELECT channel FROM outbox_messages WHERE state = 'pending' ORDER BY channel LIMIT 1)
        UNION ALL
        SELECT (SELECT m.channel FROM outbox_messages AS m
                WHERE m.state = 'pending' AND m.channel > c.channel ORDER BY m.channel LIMIT 1)
        FROM open_channels AS c WHERE c.channel IS NOT NULL
    )
"""
"""The channels for which something is pending: one step in the index each, however much it is."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a row was not sent, and what it is now.

    A pending one is due again `after` that time; `counts` where this was one of its tries. `uncertain` where it may
    have arrived all the same.
    """

    id: UUID
    reason: str
    state: OutboxState
    after: timedelta = timedelta()
    counts: bool = True
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Spent:
    """What became of the budget of an address since a claim that saw `until`: `back` messages were not used."""

    address_id: UUID
    until: datetime | None
    back: int


@dataclass(frozen=True, slots=True)
class Emptied:
    """The platform takes nothing more for an address of which a claim saw `until`: its "window" or "budget" is over."""

    address_id: UUID
    until: datetime | None
    what: str


async def record_sent(session: AsyncSession, sent: Sequence[tuple[UUID, str | None]], at: datetime) -> None:
    """These rows are out, each with the platform's id where it gave one."""
    await session.execute(
        text(
            """
            UPDATE outbox_messages AS o
            SET state = 'sent', sent_at = :at, lease_until = NULL, reason = NULL, outside_id = s.outside_id
            FROM unnest(CAST(:ids AS uuid[]), CAST(:outside AS text[])) AS s (id, outside_id)
            WHERE o.id = s.id AND o.state = 'sending'
            """
        ),
        {"ids": [row[0] for row in sent], "outside": [row[1] for row in sent], "at": at},
    )


async def record_failures(session: AsyncSession, failures: Sequence[Failure], at: datetime) -> None:
    """Put rows off, let them wait or give them up; the consoles show what is given up."""
    changed = await session.execute(
        text(
            """
            UPDATE outbox_messages AS o
            SET state = f.state, reason = f.reason, lease_until = NULL, uncertain = o.uncertain OR f.uncertain,
                due_at = CASE WHEN f.after = interval '0' THEN o.due_at ELSE :at + f.after END,
                attempts = o.attempts - CASE WHEN f.counts THEN 0 ELSE 1 END
            FROM unnest(CAST(:ids AS uuid[]), CAST(:states AS text[]), CAST(:reasons AS text[]),
                        CAST(:after AS interval[]), CAST(:counts AS boolean[]), CAST(:uncertain AS boolean[]))
                AS f (id, state, reason, after, counts, uncertain)
            WHERE o.id = f.id AND o.state = 'sending'
            RETURNING o.state, o.resident_id
            """
        ),
        {
            "at": at,
            "ids": [failure.id for failure in failures],
            "states": [failure.state.value for failure in failures],
            "reasons": [failure.reason for failure in failures],
            "after": [failure.after for failure in failures],
            "counts": [failure.counts for failure in failures],
            "uncertain": [failure.uncertain for failure in failures],
        },
    )
    for resident_id in {row.resident_id for row in changed if row.state == OutboxState.FAILED.value}:
        await wake_consoles_of(session, resident_id)


async def keep_leases(session: AsyncSession, ids: Collection[UUID], at: datetime) -> None:
    """These rows are still being sent."""
    await session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(ids), OutboxMessage.state == OutboxState.SENDING)
        .values(lease_until=at + LEASE)
    )


async def give_back(session: AsyncSession, spent: Sequence[Spent]) -> None:
    """What a claim had counted as sent and was not, or was more than one; an act of the person meanwhile undoes it."""
    await session.execute(
        text(
            """
            UPDATE addresses AS a SET may_send = greatest(0, a.may_send + s.back)
            FROM (
                SELECT id, until, sum(back) AS back
                FROM unnest(CAST(:ids AS uuid[]), CAST(:until AS timestamptz[]), CAST(:back AS integer[]))
                    AS each (id, until, back)
                GROUP BY id, until
            ) AS s
            WHERE a.id = s.id AND a.window_until IS NOT DISTINCT FROM s.until AND a.may_send IS NOT NULL
            """
        ),
        {
            "ids": [row.address_id for row in spent],
            "until": [row.until for row in spent],
            "back": [row.back for row in spent],
        },
    )


async def empty_addresses(session: AsyncSession, emptied: Sequence[Emptied], at: datetime) -> None:
    """The platform takes nothing more for these until their people write; who wrote meanwhile has a new window."""
    await session.execute(
        text(
            """
            UPDATE addresses AS a
            SET may_send = CASE e.what WHEN 'budget' THEN 0 ELSE a.may_send END,
                window_until = CASE e.what WHEN 'window' THEN :at ELSE a.window_until END
            FROM unnest(CAST(:ids AS uuid[]), CAST(:until AS timestamptz[]), CAST(:what AS text[]))
                AS e (id, until, what)
            WHERE a.id = e.id AND a.window_until IS NOT DISTINCT FROM e.until
            """
        ),
        {
            "ids": [row.address_id for row in emptied],
            "until": [row.until for row in emptied],
            "what": [row.what for row in emptied],
            "at": at,
        },
    )


async def take_back_lost(session: AsyncSession, at: datetime, recognises_repeats: Sequence[str]) -> int:
    """Rows whose sender died in the middle are due again, marked uncertain where the channel cannot see a repeat."""
    lost = (
        select(OutboxMessage.id)
        .where(OutboxMessage.state == OutboxState.SENDING, OutboxMessage.lease_until < at)
        .with_for_update(skip_locked=True)
    )
    changed = await session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(lost.scalar_subquery()))
        .values(
            state=OutboxState.PENDING,
            lease_until=None,
            uncertain=OutboxMessage.uncertain | OutboxMessage.channel.not_in(recognises_repeats),
        )
    )
    return count_changed(changed)


async def set_old_aside(session: AsyncSession, at: datetime, hold_after: timedelta) -> int:
    """Expire what is out of date; hold what was due long ago (a restored backup) until a person releases it.

    Nobody decides about what went to a colleague's own account: where it failed or is held it expires as well.
    """
    await session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.state.in_((OutboxState.PENDING, OutboxState.WAITING)),
            OutboxMessage.expires_at <= at,
            OutboxMessage.due_at <= at,
        )
        .values(state=OutboxState.EXPIRED)
    )
    await session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.state.in_((OutboxState.FAILED, OutboxState.HELD)),
            OutboxMessage.purpose.startswith(TO_STAFF),
            OutboxMessage.expires_at <= at,
        )
        .values(state=OutboxState.EXPIRED)
    )
    return count_changed(await session.execute(_HOLD, {"oldest": at - hold_after}))


_HOLD = text(
    f"""
    WITH RECURSIVE {OPEN_CHANNELS}
    UPDATE outbox_messages AS o SET state = 'held', reason = 'too_old'
    FROM open_channels AS c, unnest(ARRAY['1_reply', '2_urgent', '3_normal', '4_bulk']) AS p (priority)
    WHERE o.state = 'pending' AND o.channel = c.channel AND o.priority = p.priority AND o.due_at <= :oldest
    """  # noqa: S608 - put together from the lines above
)
