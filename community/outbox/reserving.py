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
from community.outbox.paces import LASTING, HardRest, find_hard_rest, take_room
from community.outbox.sending import Failure, record_failures
from community.residents.models import Address, AddressState


@dataclass(frozen=True, slots=True)
class Reserved:
    """Rows that may go, each with its moment and what is left of the budget from it on; `waiting` may not.

    During a `rest` what goes may only go back in the platform's own request.
    """

    going: Sequence[tuple[UUID, datetime, int | None]]
    until: datetime | None
    waiting: Sequence[UUID]
    rest: HardRest | None = None


async def reserve(
    session: AsyncSession,
    channel: str,
    address_id: UUID,
    ids: Sequence[UUID],
    at: datetime,
    *,
    rate: float | None,
    gap: timedelta,
    free: int,
) -> Reserved:
    """Count rows for one address that are being sent already, in their order; what does not fit waits or is put off.

    `free` of them may go back in the platform's own request: they need no budget, and no call that a rest forbids.
    """
    if rest := await find_hard_rest(session, channel, at):
        await _put_off(session, ids[free:], rest, at)
        going = [(id_, at, None) for id_ in ids[:free]]
        return Reserved(going, None, ids[free:] if rest.reason in LASTING else [], rest)
    if rate is not None:
        await take_room(session, channel, at, len(ids), rate)
    person = await session.get_one(Address, address_id, with_for_update=True)
    fitting = _fitting(person, len(ids), at, free)
    start = max(person.next_send_at or at, at)
    if gap:
        person.next_send_at = start + fitting * gap
    left = person.may_send
    if left is not None:
        person.may_send = max(0, left - fitting)
    await _let_wait(session, ids[fitting:], _why_not(person, fitting, left), at)
    counted = [
        (id_, start + number * gap, None if left is None else left - number)
        for number, id_ in enumerate(ids[:fitting])
    ]
    return Reserved(counted, person.window_until, ids[fitting:])


def _fitting(person: Address, rows: int, at: datetime, free: int) -> int:
    over = person.window_until is not None and person.window_until <= at
    if over or person.state is AddressState.STOPPED:
        return 0
    return rows if person.may_send is None else min(rows, person.may_send + free)


def _why_not(person: Address, fitting: int, left: int | None) -> str:
    """Why what does not fit waits: the person may have let the address go while the answer was made."""
    if person.state is AddressState.STOPPED:
        return "address_stopped"
    return "window_over" if fitting == 0 and left != 0 else "budget_spent"


async def _put_off(session: AsyncSession, ids: Sequence[UUID], rest: HardRest, at: datetime) -> None:
    if ids:
        after = rest.until - at
        failures = [Failure(id_, rest.reason, OutboxState.PENDING, after, counts=False) for id_ in ids]
        await record_failures(session, failures, at)


async def _let_wait(session: AsyncSession, ids: Sequence[UUID], reason: str, at: datetime) -> None:
    if ids:
        await record_failures(
            session, [Failure(id_, reason, OutboxState.WAITING, counts=False) for id_ in ids], at
        )
