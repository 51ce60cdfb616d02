"""Reading what is stuck: messages that could not be delivered or handled, for those who may decide about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.inbox.models import InboundMessage, InboundState
from community.needs.models import Need
from community.needs.queries import readable_to
from community.outbox.models import OutboxMessage, OutboxState
from community.parties.models import Role
from community.residents.models import Resident

MOST = 100


async def find_undelivered(session: AsyncSession, actor: StaffActor) -> Sequence[OutboxMessage]:
    """Failed and held messages about which the actor may decide, oldest first."""
    wanted = select(OutboxMessage).where(*_undelivered(actor)).order_by(OutboxMessage.seq).limit(MOST)
    return (await session.scalars(wanted)).all()


async def find_stuck_inbound(session: AsyncSession, actor: StaffActor) -> Sequence[InboundMessage]:
    """Messages of residents that the bot could not handle in three tries; for the committee of their community."""
    wanted = select(InboundMessage).where(*_stuck(actor)).order_by(InboundMessage.id).limit(MOST)
    return (await session.scalars(wanted)).all()


async def count_trouble(session: AsyncSession, actor: StaffActor) -> int:
    """How many messages wait for the actor to decide."""
    undelivered = select(func.count()).select_from(OutboxMessage).where(*_undelivered(actor))
    stuck = select(func.count()).select_from(InboundMessage).where(*_stuck(actor))
    return (await session.scalar(undelivered) or 0) + (await session.scalar(stuck) or 0)


def _undelivered(actor: StaffActor) -> Sequence[ColumnElement[bool]]:
    """The rule of `may_decide_on` as a condition."""
    about_needs = OutboxMessage.need_id.in_(select(Need.id).where(readable_to(actor)))
    mine = or_(about_needs, and_(OutboxMessage.need_id.is_(None), _of_own_community(actor, OutboxMessage)))
    return OutboxMessage.state.in_((OutboxState.FAILED, OutboxState.HELD)), mine


def _stuck(actor: StaffActor) -> Sequence[ColumnElement[bool]]:
    return InboundMessage.state == InboundState.STUCK, _of_own_community(actor, InboundMessage)


def _of_own_community(
    actor: StaffActor, message: type[OutboxMessage | InboundMessage]
) -> ColumnElement[bool]:
    if actor.role is not Role.COMMITTEE:
        return false()
    return message.resident_id.in_(select(Resident.id).where(Resident.community_id == actor.community_id))


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
