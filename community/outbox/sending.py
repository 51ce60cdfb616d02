"""The states of an outbox row on its way out: claimed, then sent, put off or given up; see channels/delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import count_changed
from community.needs.usecases.steps import wake_consoles_of
from community.outbox.models import OutboxMessage, OutboxState
from community.places.models import DEFAULT_ZONE
from community.residents.models import Address, AddressState

LEASE = timedelta(seconds=30)
TRIES = 3
BACKOFF = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2))


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a row was not sent. `final`: no more tries. `after`: the earliest next try that the platform named."""

    id: UUID
    reason: str
    final: bool
    attempts: int
    after: timedelta | None = None


_CLAIM = text(
    """
    UPDATE outbox_messages AS o
    SET state = 'sending', lease_until = :until, attempts = attempts + 1
    FROM (
        SELECT id FROM outbox_messages
        WHERE state = 'pending' AND due_at <= :now
        ORDER BY priority, due_at LIMIT :most FOR UPDATE SKIP LOCKED
    ) AS due, addresses AS a, residents AS r LEFT JOIN communities AS c ON c.id = r.community_id
    WHERE o.id = due.id AND a.id = o.address_id AND r.id = o.resident_id
    RETURNING o.id, o.seq, o.address_id, o.channel, o.message, o.values, o.buttons, o.attempts, o.priority,
        a.outside_id, coalesce(r.language, 'zh') AS language, coalesce(c.zone, :zone) AS zone
    """
).columns(values=OutboxMessage.values.type, buttons=OutboxMessage.buttons.type)


async def claim_due(session: AsyncSession, at: datetime, most: int) -> Sequence[RowMapping]:
    """Claim at most `most` due rows, in the order they must go; others skip them while the lease lasts."""
    rows = (
        (await session.execute(_CLAIM, {"now": at, "until": at + LEASE, "most": most, "zone": DEFAULT_ZONE}))
        .mappings()
        .all()
    )
    return sorted(rows, key=lambda row: (row["priority"], row["seq"]))


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
    """Put off what may be tried again, give up the rest and let the consoles show it; both keep the reason."""
    for failure in failures:
        over = failure.final or failure.attempts >= TRIES
        wait = failure.after or BACKOFF[min(failure.attempts, len(BACKOFF)) - 1]
        values: dict[str, Any] = {"state": OutboxState.FAILED} if over else {"state": OutboxState.PENDING}
        resident_id = await session.scalar(
            update(OutboxMessage)
            .where(OutboxMessage.id == failure.id, OutboxMessage.state == OutboxState.SENDING)
            .values(due_at=at + wait, lease_until=None, reason=failure.reason, **values)
            .returning(OutboxMessage.resident_id)
        )
        if over and resident_id is not None:
            await wake_consoles_of(session, resident_id)


async def stop_addresses(session: AsyncSession, address_ids: Sequence[UUID]) -> None:
    """Write to these no more, until the person comes back; what still waits for them is suppressed."""
    await session.execute(
        update(Address).where(Address.id.in_(address_ids)).values(state=AddressState.STOPPED)
    )
    await session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.address_id.in_(address_ids), OutboxMessage.state == OutboxState.PENDING)
        .values(state=OutboxState.SUPPRESSED, reason="address_stopped")
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
    """Expire what is out of date; hold what was due long ago (a restored backup) until a person releases it."""
    waiting = OutboxMessage.state == OutboxState.PENDING
    await session.execute(
        update(OutboxMessage)
        .where(waiting, OutboxMessage.expires_at <= at, OutboxMessage.due_at <= at)
        .values(state=OutboxState.EXPIRED)
    )
    held = await session.execute(
        update(OutboxMessage)
        .where(waiting, OutboxMessage.due_at <= at - hold_after)
        .values(state=OutboxState.HELD, reason="too_old")
    )
    return count_changed(held)
