"""A code is typed: by its own person, by a colleague, or by somebody who is the same person on another channel.

Before: bot/actions/linking.py reads six digits out of a message. Whoever has matters of their own where the code was
typed is asked once more, as two histories become one and cannot be parted again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.contact.names import name_channel
from community.errors import Refused
from community.linking.codes import LASTS, get_typed, type_code
from community.linking.merging import merge_people
from community.linking.models import LinkCode
from community.needs.models import Need
from community.outbox.models import Priority
from community.outbox.usecases import enqueue_message, find_address
from community.residents.models import Address
from community.signups.models import SignUp
from community.staff_reach.linking import link_staff


class Said(StrEnum):
    """What a typed code was."""

    UNKNOWN = "unknown"
    SAME = "same"
    ASKED = "asked"
    LINKED = "linked"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Typed:
    """What became of it; `code_id` is asked about where that is still open, `channel` is the other one, if known."""

    said: Said
    code_id: UUID | None = None
    channel: str | None = None


async def enter_code(session: AsyncSession, resident_id: UUID, address_id: UUID, digits: str) -> Typed:
    """Somebody typed six digits at this address. Raises Refused("link_busy") while the other channel is answered."""
    code = await type_code(session, resident_id, digits)
    if code is None:
        return Typed(Said.UNKNOWN)
    if code.staff_id is not None:
        await link_staff(session, code.staff_id, resident_id, address_id)
        await session.delete(code)
        return Typed(Said.STAFF)
    if code.resident_id == resident_id:
        return Typed(Said.SAME)
    if await _has_matters(session, resident_id):
        code.typed_by, code.ends_at = resident_id, now() + LASTS
        return Typed(Said.ASKED, code.id)
    return await _link(session, code, resident_id, address_id)


async def confirm_code(
    session: AsyncSession, resident_id: UUID, address_id: UUID, code_id: UUID, *, yes: bool
) -> Typed:
    """The person says that the code, typed before, was their own; or not, and then nothing happens with it."""
    code = await get_typed(session, resident_id, code_id)
    if code is None or code.resident_id in (None, resident_id):
        return Typed(Said.UNKNOWN)
    if yes:
        return await _link(session, code, resident_id, address_id)
    await session.delete(code)
    return Typed(Said.UNKNOWN)


async def _link(session: AsyncSession, code: LinkCode, resident_id: UUID, address_id: UUID) -> Typed:
    gone_id, code_id = code.resident_id, code.id
    if gone_id is None:
        raise Refused("link_wrong")
    asked_at = await session.get(Address, code.address_id) if code.address_id else None
    other = asked_at or await find_address(session, gone_id)
    typed_at = await session.get_one(Address, address_id)
    here, other_id = name_channel(typed_at.channel), other.id if other else None
    await merge_people(session, resident_id, gone_id)
    other = await session.get(Address, other_id) if other_id else None
    if other is not None:
        await enqueue_message(
            session,
            resident_id,
            "link_told",
            f"linked:{code_id}",
            values={"channel": here},
            priority=Priority.URGENT,
            address=other,
        )
    return Typed(Said.LINKED, channel=other.channel if other else None)


async def _has_matters(session: AsyncSession, resident_id: UUID) -> bool:
    """Whether the person has told something here already that another one would come to see."""
    needs = exists().where(Need.resident_id == resident_id)
    sign_ups = exists().where(SignUp.resident_id == resident_id)
    return bool(await session.scalar(select(or_(needs, sign_ups))))
