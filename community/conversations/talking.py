"""Talking with a resident about a need: staff begin it from the need's page, and the bot is silent meanwhile.

Ended as any conversation (usecases.py): given back, or by itself when staff wrote nothing for as long as settings say.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.conversations.models import Handover
from community.conversations.rights import may_hold
from community.conversations.usecases import take_conversation
from community.errors import NotAllowed, Refused
from community.inbox.models import InboundMessage
from community.needs.models import Need
from community.needs.usecases.locking import lock_handled
from community.needs.usecases.steps import check_open
from community.outbox.models import OutboxMessage
from community.outbox.usecases import find_address
from community.presence.usecases import SEEN, hint


async def talk_about_need(session: AsyncSession, actor: StaffActor, need_id: UUID) -> Handover:
    """The actor speaks with the need's resident from now on; again, nothing changes.

    Raises Refused("no_channel") for somebody who has none, NotAllowed where a colleague or another party has the
    conversation, or the actor does not handle the need.
    """
    need = await lock_handled(session, actor, need_id)
    check_open(need)
    if await find_address(session, need.resident_id) is None:
        raise Refused("no_channel")
    handover = await _find_open(session, need.resident_id)
    if handover is None:
        handover = Handover(
            resident_id=need.resident_id, community_id=need.community_id, party_id=actor.party_id, words=""
        )
        handover.need_id = need.id
        session.add(handover)
        await session.flush()
    elif handover.need_id != need.id or not await may_hold(session, actor, handover):
        raise NotAllowed("talks_elsewhere")
    return await take_conversation(session, actor, handover.id)


async def find_talk(session: AsyncSession, actor: StaffActor, need: Need) -> Handover | None:
    """The open conversation about this need, where the actor may hold it."""
    handover = await find_any_talk(session, actor, need)
    return handover if handover is not None and handover.need_id == need.id else None


async def find_any_talk(session: AsyncSession, actor: StaffActor, need: Need) -> Handover | None:
    """The open conversation with the need's resident, about it or not, where the actor may hold it."""
    handover = await _find_open(session, need.resident_id)
    return handover if handover is not None and await may_hold(session, actor, handover) else None


async def find_silence_end(session: AsyncSession, handover: Handover, quiet: timedelta) -> datetime:
    """When the bot speaks again by itself, if staff write no more."""
    wanted = select(func.max(OutboxMessage.due_at)).where(
        OutboxMessage.resident_id == handover.resident_id,
        OutboxMessage.staff_id == handover.staff_id,
        OutboxMessage.due_at >= handover.created_at,
    )
    last: datetime | None = await session.scalar(wanted)
    return max(last or handover.created_at, handover.taken_at or handover.created_at) + quiet


async def see_conversation(session: AsyncSession, actor: StaffActor, handover: Handover) -> bool:
    """Staff have the resident's words before them: their page says so. False where there was nothing new."""
    if handover.staff_id != actor.staff_id:
        return False
    newest: datetime | None = await session.scalar(
        select(func.max(InboundMessage.received_at)).where(
            InboundMessage.resident_id == handover.resident_id,
            InboundMessage.received_at >= handover.created_at,
        )
    )
    if newest is None or (handover.seen_at is not None and handover.seen_at >= newest):
        return False
    handover.seen_at = now()
    address = await find_address(session, handover.resident_id)
    if address is not None:
        await hint(session, address.id, SEEN)
    return True


async def _find_open(session: AsyncSession, resident_id: UUID) -> Handover | None:
    found: Handover | None = await session.scalar(
        select(Handover).where(Handover.resident_id == resident_id, Handover.ended_at.is_(None))
    )
    return found
