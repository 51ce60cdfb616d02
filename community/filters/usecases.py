"""Keeping filters of the queue: a person's own, under names that stand once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.errors import NotFound, Refused
from community.filters.models import SavedFilter
from community.parties.models import Staff
from linli.text import clean_text

MOST = 20
LONGEST_NAME = 20


async def find_filters(session: AsyncSession, actor: StaffActor) -> Sequence[SavedFilter]:
    """The actor's filters in the order in which they were kept."""
    wanted = select(SavedFilter).where(SavedFilter.staff_id == actor.staff_id)
    return (await session.scalars(wanted.order_by(SavedFilter.created_at, SavedFilter.id))).all()


async def save_filter(session: AsyncSession, actor: StaffActor, name: str, query: str) -> SavedFilter:
    """Keep a filter; the same name again takes the place of the former. Raises Refused for no name or one too many."""
    name = clean_text(name)[:LONGEST_NAME]
    if not name:
        raise Refused("filter_needs_name")
    await session.get(Staff, actor.staff_id, with_for_update=True)  # two tabs keep one after the other
    kept = await find_filters(session, actor)
    found = next((each for each in kept if each.name == name), None)
    if found is None and len(kept) >= MOST:
        raise Refused("too_many_filters", most=MOST)
    if found is None:
        found = SavedFilter(staff_id=actor.staff_id, name=name, query=query)
        session.add(found)
    found.query = query
    await session.flush()
    return found


async def forget_filter(session: AsyncSession, actor: StaffActor, filter_id: UUID) -> None:
    """Let one of the actor's filters go. Raises NotFound for one of somebody else."""
    gone = delete(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.staff_id == actor.staff_id)
    if await session.scalar(gone.returning(SavedFilter.id)) is None:
        raise NotFound
