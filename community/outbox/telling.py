"""Messages that reach a person on no channel wait here until somebody of staff has told them in another way."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.errors import NotAllowed, NotFound
from community.needs.models import Need
from community.needs.rights import may_read, may_see_contact
from community.needs.usecases.steps import lock_need, note_event
from community.outbox.models import OutboxMessage, OutboxState

UNREACHED = ("no_address", "address_stopped")


async def find_untold(session: AsyncSession, actor: StaffActor, need: Need) -> Sequence[OutboxMessage]:
    """What the resident of a need still has to be told by phone or at the door, in order; for who may call them."""
    if not await may_tell(session, actor, need):
        return []
    wanted = select(OutboxMessage).where(
        OutboxMessage.need_id == need.id,
        OutboxMessage.state == OutboxState.SUPPRESSED,
        OutboxMessage.reason.in_(UNREACHED),
        OutboxMessage.told_at.is_(None),
    )
    return (await session.scalars(wanted.order_by(OutboxMessage.seq))).all()


async def tell_in_person(session: AsyncSession, actor: StaffActor, need_id: UUID, outbox_id: UUID) -> None:
    """The actor has told it; told twice is told once."""
    need = await lock_need(session, need_id)
    if not await may_read(session, actor, need):
        raise NotFound
    if not await may_tell(session, actor, need):
        raise NotAllowed
    row = await session.get(OutboxMessage, outbox_id, with_for_update=True)
    if row is None or row.need_id != need.id or row.state is not OutboxState.SUPPRESSED:
        raise NotFound
    if row.reason not in UNREACHED or row.told_at is not None:
        return
    row.told_by, row.told_at = actor.staff_id, now()
    await note_event(session, actor, need, "told")


async def may_tell(session: AsyncSession, actor: StaffActor, need: Need) -> bool:
    """Whoever may read the need and sees the person's name and phone."""
    return may_see_contact(actor, need) and await may_read(session, actor, need)
