"""Reading what went out: what is stuck, for those who may decide about it, and what a person was told last."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.inbox.models import InboundMessage, InboundState
from community.needs.known import readable_to
from community.needs.models import Need
from community.outbox.models import TO_STAFF, OutboxMessage, OutboxState
from community.residents.models import Resident
from community.residents.rights import answered_for_by

MOST = 100
_MAY_BE_SEEN = (OutboxState.SENT, OutboxState.SENDING)


async def find_told_last(session: AsyncSession, resident_id: UUID, message_id: int) -> str | None:
    """The purpose of what the resident was told last before this message of theirs; None where it may be unread.

    A bare yes or no answers that, and nothing from before.
    """
    received_at = select(InboundMessage.received_at).where(InboundMessage.id == message_id).scalar_subquery()
    told_at = func.coalesce(OutboxMessage.sent_at, OutboxMessage.created_at)
    newest = (
        select(OutboxMessage.purpose, OutboxMessage.state)
        .where(OutboxMessage.resident_id == resident_id, OutboxMessage.state.in_(_MAY_BE_SEEN))
        .where(told_at <= received_at)
        .order_by(told_at.desc(), OutboxMessage.seq.desc())
        .limit(1)
    )
    row = (await session.execute(newest)).first()
    return row.purpose if row is not None and row.state is OutboxState.SENT else None


async def find_undelivered(session: AsyncSession, actor: StaffActor) -> Sequence[OutboxMessage]:
    """Failed and held messages about which the actor may decide, oldest first."""
    wanted = select(OutboxMessage).where(*_undelivered(actor)).order_by(OutboxMessage.seq).limit(MOST)
    return (await session.scalars(wanted)).all()


async def find_stuck_inbound(session: AsyncSession, actor: StaffActor) -> Sequence[InboundMessage]:
    """Messages of residents that the bot could not handle in three tries; for the committee of their community,
    or the street office while they have none."""
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
    mine = or_(about_needs, and_(OutboxMessage.need_id.is_(None), _of_own_people(actor, OutboxMessage)))
    troubled = OutboxMessage.state.in_((OutboxState.FAILED, OutboxState.HELD))
    return troubled, ~OutboxMessage.purpose.startswith(TO_STAFF), mine


def _stuck(actor: StaffActor) -> Sequence[ColumnElement[bool]]:
    return InboundMessage.state == InboundState.STUCK, _of_own_people(actor, InboundMessage)


def _of_own_people(actor: StaffActor, message: type[OutboxMessage | InboundMessage]) -> ColumnElement[bool]:
    return message.resident_id.in_(select(Resident.id).where(answered_for_by(actor)))


async def count_uncertain(session: AsyncSession) -> int:
    """How many messages may have reached their person twice; for /metrics."""
    return await session.scalar(select(func.count()).where(OutboxMessage.uncertain)) or 0
