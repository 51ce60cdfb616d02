"""Who may see and decide about a message that could not be delivered: whoever may read the need it speaks of."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.needs.models import Need
from community.needs.rights import may_read
from community.outbox.models import OutboxMessage
from community.parties.models import Role
from community.residents.models import Resident


async def may_decide_on(session: AsyncSession, actor: StaffActor, row: OutboxMessage) -> bool:
    """True for those who may read the message's need; without a need, for the committee of the resident's community."""
    if row.need_id is not None:
        need = await session.get(Need, row.need_id)
        return need is not None and await may_read(session, actor, need)
    resident = await session.get(Resident, row.resident_id)
    if resident is None or actor.role is not Role.COMMITTEE:
        return False
    return resident.community_id == actor.community_id
