"""Keeping and reading how a person wants to be reached about a confidential need."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.needs.usecases.residents import lock_own_need
from community.wishes.models import ContactWay, ContactWish


async def keep_wish(session: AsyncSession, resident_id: UUID, need_id: UUID, way: ContactWay) -> None:
    """The way that the person chose; a later choice replaces it. Raises NotFound for somebody else's need."""
    await lock_own_need(session, resident_id, need_id)
    row = insert(ContactWish).values(need_id=need_id, way=way)
    await session.execute(row.on_conflict_do_update(index_elements=["need_id"], set_={"way": way}))


async def find_wish(session: AsyncSession, need_id: UUID) -> ContactWay | None:
    """The way for a need that the caller may read; None where none was chosen."""
    wish = await session.get(ContactWish, need_id)
    return wish.way if wish else None
