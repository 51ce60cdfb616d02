"""Reading searches for substitutes: how far the newest of a shift is, and how many it asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.substitutes.models import Ask, Search, SearchState


@dataclass(frozen=True, slots=True)
class SearchLine:
    """A search, and how many were asked, refused and have not answered."""

    search: Search
    asked: int
    refused: int

    @property
    def is_running(self) -> bool:
        """Whether more will be asked."""
        return self.search.state is SearchState.RUNNING


async def find_search_states(session: AsyncSession, shift_ids: Collection[UUID]) -> dict[UUID, SearchState]:
    """How far the newest search of each of these shifts is, for those that had one."""
    wanted = (
        select(Search.shift_id, Search.state)
        .where(Search.shift_id.in_(shift_ids))
        .order_by(Search.created_at)
    )
    return {row[0]: row[1] for row in await session.execute(wanted)}


async def find_search(session: AsyncSession, shift_id: UUID) -> SearchLine | None:
    """The newest search of a shift, None where there was none."""
    wanted = select(Search).where(Search.shift_id == shift_id).order_by(Search.created_at.desc()).limit(1)
    search: Search | None = await session.scalar(wanted)
    if search is None:
        return None
    counted = select(func.count(), func.count().filter(Ask.said.is_(False))).where(Ask.search_id == search.id)
    asked, refused = (await session.execute(counted)).one()
    return SearchLine(search, asked, refused)


async def find_asked_shift(session: AsyncSession, purpose: str | None) -> UUID | None:
    """The shift that a message of this purpose asks somebody to step in at, None for any other message."""
    parts = (purpose or "").split(":")
    if parts[0] != "search":
        return None
    search = await session.get(Search, UUID(parts[1]))
    return search.shift_id if search is not None else None
