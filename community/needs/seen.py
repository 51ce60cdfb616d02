"""What is new to a staff member: needs that changed since that person last opened them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.needs.models import Need, NeedSeen


async def mark_seen(session: AsyncSession, actor: StaffActor, need_id: UUID) -> None:
    """The actor looks at the need now."""
    row = insert(NeedSeen).values(staff_id=actor.staff_id, need_id=need_id, at=now())
    again = row.on_conflict_do_update(index_elements=["staff_id", "need_id"], set_={"at": row.excluded.at})
    await session.execute(again)


async def find_unseen(session: AsyncSession, actor: StaffActor, need_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the needs that the actor never opened, or that changed since."""
    seen = and_(NeedSeen.need_id == Need.id, NeedSeen.staff_id == actor.staff_id)
    wanted = (
        select(Need.id)
        .outerjoin(NeedSeen, seen)
        .where(Need.id.in_(need_ids), or_(NeedSeen.at.is_(None), NeedSeen.at < Need.changed_at))
    )
    return set((await session.scalars(wanted)).all())
