"""Who may see and decide about a message that could not be delivered: whoever may read the need it speaks of."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.needs.models import Need
from community.needs.rights import may_read
from community.outbox.models import TO_STAFF, OutboxMessage
from community.residents.models import Resident
from community.residents.rights import may_answer_for


async def may_decide_on(session: AsyncSession, actor: StaffActor, row: OutboxMessage) -> bool:
    """True for those who may read the message's need; without a need, for those who may answer for the resident.

    What went to a colleague's own account is nobody else's.
    """
    if row.purpose.startswith(TO_STAFF):
        return False
    if row.need_id is not None:
        need = await session.get(Need, row.need_id)
        return need is not None and await may_read(session, actor, need)
    resident = await session.get(Resident, row.resident_id)
    return resident is not None and may_answer_for(actor, resident)
