"""Making a code and finding whose it is. Before: a wish in the chat, a page, the console; after: usecases.py.

A code lives ten minutes. Who types wrong ones has five tries an hour; those who are only where anybody has as many
addresses as they like have sixty together, and afterwards link the other way round: a code is shown there and typed on
the other channel. So a stranger never makes somebody's code void. What is looked up is a keyed fingerprint, and the one
found is compared in constant time, so that how long an answer takes tells nothing about the digits.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import count_changed
from community.clock import now
from community.contact.names import FREE_TO_JOIN
from community.limits.usecases import count_use, is_used_up
from community.linking.models import LinkCode
from community.residents.models import Address
from linli.sealing import keyring

DIGITS = 6
LASTS = timedelta(minutes=10)
HOUR = timedelta(hours=1)
MOST_CODES, MOST_TRIES, MOST_TOGETHER = 10, 5, 60
_TOGETHER = "link tries together"


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


async def find_stop(session: AsyncSession, resident_id: UUID) -> str | None:
    """Why the person may type no code now, as the name of a message; None where there is a try left."""
    if await is_used_up(session, _tries(resident_id), MOST_TRIES, HOUR):
        return "link_spent"
    together = await is_used_up(session, _TOGETHER, MOST_TOGETHER, HOUR)
    return "link_other_way" if together and await _has_only_free(session, resident_id) else None


async def type_code(session: AsyncSession, resident_id: UUID, digits: str) -> LinkCode | None:
    """The open code that was typed, locked; None, and a try less, where there is none. Asks `find_stop` before."""
    if await find_stop(session, resident_id):
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
    if await _has_only_free(session, resident_id):
        await count_use(session, _TOGETHER, MOST_TOGETHER, HOUR)


async def _has_only_free(session: AsyncSession, resident_id: UUID) -> bool:
    """Whether all addresses of the person are such as anybody has by the dozen."""
    elsewhere = exists().where(Address.resident_id == resident_id, Address.channel.not_in(FREE_TO_JOIN))
    return not await session.scalar(select(elsewhere))


def _tries(resident_id: UUID) -> str:
    return f"link tries:{resident_id}"


def _fingerprints(digits: str) -> tuple[str, ...]:
    return keyring().fingerprints(f"link code {digits}")
