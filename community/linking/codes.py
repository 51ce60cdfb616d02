"""Making a code and finding whose it is. Before: a wish in the chat, a page, the console; after: usecases.py.

A code lives ten minutes. Who types wrong ones has five tries an hour, and a code that was open while thirty wrong ones
were typed, by whomever, is void. What is looked up is a keyed fingerprint, and the one found is compared in constant
time, so that how long an answer takes tells nothing about the digits.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import count_changed
from community.clock import now
from community.limits.usecases import count_use, is_used_up
from community.linking.models import LinkCode
from linli.sealing import keyring

DIGITS = 6
LASTS = timedelta(minutes=10)
HOUR = timedelta(hours=1)
MOST_CODES, MOST_TRIES, MOST_MISSES = 10, 5, 30


@dataclass(frozen=True, slots=True)
class Shown:
    """A new code as it is shown, once; and until when it can be typed."""

    digits: str
    until: datetime


async def make_code(
    session: AsyncSession,
    *,
    resident_id: UUID | None = None,
    address_id: UUID | None = None,
    staff_id: UUID | None = None,
) -> Shown:
    """A code of a resident (asked for at `address_id`, where that was a chat) or of a colleague; an older one is void.

    Raises TooMany after ten in an hour.
    """
    await count_use(session, f"link codes:{resident_id or staff_id}", MOST_CODES, HOUR)
    own = LinkCode.resident_id == resident_id if resident_id else LinkCode.staff_id == staff_id
    await session.execute(delete(LinkCode).where(or_(own, LinkCode.ends_at <= now())))
    until = now() + LASTS
    while True:
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        row = insert(LinkCode).values(
            id=uuid4(),
            fingerprint=_fingerprints(digits)[0],
            resident_id=resident_id,
            address_id=address_id,
            staff_id=staff_id,
            ends_at=until,
        )
        made = await session.scalar(row.on_conflict_do_nothing().returning(LinkCode.id))
        if made is not None:
            return Shown(digits, until)


async def may_type(session: AsyncSession, resident_id: UUID) -> bool:
    """Whether the person has a try left."""
    return not await is_used_up(session, _tries(resident_id), MOST_TRIES, HOUR)


async def type_code(session: AsyncSession, resident_id: UUID, digits: str) -> LinkCode | None:
    """The open code that was typed, locked; None, and a try less, where there is none. Asks `may_type` before."""
    if not await may_type(session, resident_id):
        return None
    prints = _fingerprints(digits)
    wanted = select(LinkCode).where(LinkCode.fingerprint.in_(prints), LinkCode.ends_at > now())
    found = (await session.scalars(wanted.with_for_update())).all()
    for code in found:
        if any(hmac.compare_digest(code.fingerprint, own) for own in prints):
            return code
    await _miss(session, resident_id)
    return None


async def get_typed(session: AsyncSession, resident_id: UUID, code_id: UUID) -> LinkCode | None:
    """The open code that this person has typed, locked, to be confirmed now."""
    found: LinkCode | None = await session.scalar(
        select(LinkCode)
        .where(LinkCode.id == code_id, LinkCode.typed_by == resident_id, LinkCode.ends_at > now())
        .with_for_update()
    )
    return found


async def forget_old_codes(session: AsyncSession, at: datetime) -> int:
    """Delete codes that nobody typed in time; returns how many."""
    return count_changed(await session.execute(delete(LinkCode).where(LinkCode.ends_at <= at)))


async def _miss(session: AsyncSession, resident_id: UUID) -> None:
    await count_use(session, _tries(resident_id), MOST_TRIES, HOUR)
    await session.execute(update(LinkCode).values(misses=LinkCode.misses + 1))
    await session.execute(delete(LinkCode).where(LinkCode.misses >= MOST_MISSES))


def _tries(resident_id: UUID) -> str:
    return f"link tries:{resident_id}"


def _fingerprints(digits: str) -> tuple[str, ...]:
    return keyring().fingerprints(f"link code {digits}")
