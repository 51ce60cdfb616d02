"""Answers go out at once, outside the queue: they count against the same budgets and paces as what is claimed.

Before: the bubbles of a turn are stored as being sent. After: channels/delivery sends each when its moment has come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.outbox.models import OutboxState
from community.outbox.paces import find_hard_rest, take_room
from community.outbox.sending import Failure, record_failures
from community.residents.models import Address

FREE_ANSWERS = 1
"""One answer may go back in the platform's own request, which costs nothing of the budget."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """Rows that may go, each with its moment and what is left of the budget from it on; `waiting` may not."""

    going: Sequence[tuple[UUID, datetime, int | None]]
    until: datetime | None
    waiting: Sequence[UUID]


async def reserve(
    session: AsyncSession,
    channel: str,
    address_id: UUID,
    ids: Sequence[UUID],
    at: datetime,
    *,
    rate: float | None,
    gap: timedelta,
) -> Reserved:
    """Count rows for one address that are being sent already, in their order; what does not fit waits or is put off."""
    if until := await find_hard_rest(session, channel, at):
        put_off = [Failure(id_, "rate_limited", OutboxState.PENDING, until - at, counts=False) for id_ in ids]
        await record_failures(session, put_off, at)
        return Reserved([], None, [])
    if rate is not None:
        await take_room(session, channel, at, len(ids), rate)
    person = await session.get_one(Address, address_id, with_for_update=True)
    fitting = _fitting(person, len(ids), at)
    start = max(person.next_send_at or at, at)
    if gap:
        person.next_send_at = start + fitting * gap
    left = person.may_send
    if left is not None:
        person.may_send = max(0, left - fitting)
    await _let_wait(
        session, ids[fitting:], "window_over" if fitting == 0 and left != 0 else "budget_spent", at
    )
    going = [
        (id_, start + number * gap, None if left is None else left - number)
        for number, id_ in enumerate(ids[:fitting])
    ]
    return Reserved(going, person.window_until, ids[fitting:])


def _fitting(person: Address, rows: int, at: datetime) -> int:
    if person.window_until is not None and person.window_until <= at:
        return 0
    return rows if person.may_send is None else min(rows, person.may_send + FREE_ANSWERS)


async def _let_wait(session: AsyncSession, ids: Sequence[UUID], reason: str, at: datetime) -> None:
    if ids:
        await record_failures(
            session, [Failure(id_, reason, OutboxState.WAITING, counts=False) for id_ in ids], at
        )
