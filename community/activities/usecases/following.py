"""Wanting to hear of new activities of a kind, and no longer."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.kinds import ACTIVITY_KINDS
from community.activities.models import ActivityFollow
from community.clock import now
from community.errors import NotFound


async def follow_kind(session: AsyncSession, resident_id: UUID, kind: str) -> None:
    """From now on the resident is told of new activities of this kind. Raises NotFound for no kind."""
    if kind not in ACTIVITY_KINDS:
        raise NotFound
    row = insert(ActivityFollow).values(resident_id=resident_id, kind=kind, since=now())
    await session.execute(row.on_conflict_do_nothing())


async def unfollow_kind(session: AsyncSession, resident_id: UUID, kind: str) -> None:
    """The resident is told no more of it."""
    await session.execute(
        delete(ActivityFollow).where(ActivityFollow.resident_id == resident_id, ActivityFollow.kind == kind)
    )
