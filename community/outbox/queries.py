"""Reading what is stuck: messages that could not be delivered or handled, for those who may decide about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.inbox.models import InboundMessage, InboundState
from community.outbox.models import OutboxMessage, OutboxState
from community.outbox.rights import may_decide_on
from community.parties.models import Role
from community.residents.models import Resident

MOST = 100


async def find_undelivered(session: AsyncSession, actor: StaffActor) -> Sequence[OutboxMessage]:
    """Failed and held messages about which the actor may decide, oldest first."""
    rows = await session.scalars(
        select(OutboxMessage)
        .join(Resident, Resident.id == OutboxMessage.resident_id)
        .where(
            OutboxMessage.state.in_((OutboxState.FAILED, OutboxState.HELD)),
            Resident.community_id == actor.community_id,
        )
        .order_by(OutboxMessage.seq)
        .limit(MOST)
    )
    return [row for row in rows.all() if await may_decide_on(session, actor, row)]


async def find_stuck_inbound(session: AsyncSession, actor: StaffActor) -> Sequence[InboundMessage]:
    """Messages of residents that the bot could not handle in three tries; for the committee of their community."""
    if actor.role is not Role.COMMITTEE:
        return []
    wanted = (
        select(InboundMessage)
        .join(Resident, Resident.id == InboundMessage.resident_id)
        .where(InboundMessage.state == InboundState.STUCK, Resident.community_id == actor.community_id)
        .order_by(InboundMessage.id)
        .limit(MOST)
    )
    return (await session.scalars(wanted)).all()


async def find_oldest_waiting(session: AsyncSession) -> tuple[datetime | None, datetime | None]:
    """When the oldest waiting inbound message came, and when the oldest waiting outbox row was due; for /metrics."""
    inbound: datetime | None = await session.scalar(
        select(func.min(InboundMessage.received_at)).where(InboundMessage.state == InboundState.WAITING)
    )
    outbox: datetime | None = await session.scalar(
        select(func.min(OutboxMessage.due_at)).where(OutboxMessage.state == OutboxState.PENDING)
    )
    return inbound, outbox


async def count_uncertain(session: AsyncSession) -> int:
    """How many messages may have reached their person twice; for /metrics."""
    return await session.scalar(select(func.count()).where(OutboxMessage.uncertain)) or 0
