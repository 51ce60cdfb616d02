"""What a push changes, in the caller's transaction, once however often it comes. Before: reading.py.

After the commit the door waits for the answer (passive.py) and wakes the person's queue.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from channels.choices import Button
from channels.errors import SendError
from channels.receiving import receive, stop
from channels.telling import take_unread, tell_too_many
from channels.wechat.consents import note_consents
from channels.wechat.happened import CHANNEL, Agreed, Happened, Left, NotRead, Reported, Said
from community.errors import TooMany
from community.limits.usecases import count_use
from community.needs.usecases.steps import wake_consoles_of
from community.outbox.models import OutboxMessage, OutboxState
from community.residents.usecases import find_person

REPEATS = timedelta(hours=1)
_KEY = re.compile(r"([0-9a-f]{32}):(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Taken:
    """What follows the commit: the message whose answer the open request may wait for, and whose queue to wake."""

    inbound_id: int
    wake: UUID
    repeated: bool


def is_one_statement(happened: Happened) -> bool:
    """Words and acts that say all themselves. Where they need more (somebody new), each may stand alone."""
    return isinstance(happened, Said) and not happened.tapped and not happened.scene


async def take(session: AsyncSession, happened: Happened, *, most_a_minute: int) -> Taken | None:
    """Do what a push means; None where nobody waits for an answer."""
    match happened:
        case Said():
            return await _take_said(session, happened, most_a_minute)
        case NotRead():
            await take_unread(session, happened.incoming, happened.message)
        case Left():
            await stop(session, CHANNEL, happened.openid)
        case Agreed():
            await _take_agreed(session, happened)
        case Reported() if not happened.arrived:
            await _note_failed(session, happened)
    return None


async def _take_said(session: AsyncSession, said: Said, most_a_minute: int) -> Taken | None:
    """Store it; who sends too many messages is told so, once a minute, instead."""
    incoming = said.incoming
    if said.tapped:
        payload = await _find_payload(session, incoming.outside_id, said.tapped)
        incoming = replace(incoming, payload=payload)
    try:
        arrived = await receive(session, incoming, scene=said.scene, most_a_minute=most_a_minute)
    except TooMany as error:
        await tell_too_many(session, incoming, error)
        return None
    return Taken(arrived.stored.id, arrived.known.resident_id, arrived.stored.repeated)


async def _find_payload(session: AsyncSession, openid: str, key: str) -> str | None:
    """What we had put behind a menu's item, of the person's own messages only; the label counts as words else."""
    match = _KEY.fullmatch(key)
    known = await find_person(session, CHANNEL, openid) if match else None
    if match is None or known is None:
        return None
    buttons: list[Button] | None = await session.scalar(
        select(OutboxMessage.buttons).where(
            OutboxMessage.id == UUID(hex=match[1]), OutboxMessage.resident_id == known.resident_id
        )
    )
    index = int(match[2])
    return str(buttons[index]["payload"]) if buttons and index < len(buttons) else None


async def _take_agreed(session: AsyncSession, agreed: Agreed) -> None:
    """Once for each push: a repeat would be a consent that nobody gave."""
    try:
        await count_use(session, f"wechat:{agreed.push_id}", 1, REPEATS)
    except TooMany:
        return
    await note_consents(session, agreed.openid, agreed.notices)


async def _note_failed(session: AsyncSession, reported: Reported) -> None:
    """A template that the platform took and did not bring is a failed message, for staff to see."""
    known = await find_person(session, CHANNEL, reported.openid)
    if known is None or not reported.sent_id:
        return
    await session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.resident_id == known.resident_id,
            OutboxMessage.channel == CHANNEL,
            OutboxMessage.outside_id == reported.sent_id,
            OutboxMessage.state == OutboxState.SENT,
        )
        .values(state=OutboxState.FAILED, reason=SendError.REFUSED.value)
    )
    await wake_consoles_of(session, known.resident_id)
