"""Who helps in a community, noted with the first sign-up as a volunteer."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.substitutes.models import Volunteer


async def note_volunteer(session: AsyncSession, resident_id: UUID, community_id: UUID) -> None:
    """The resident helps in this community from now on; a second time changes nothing."""
    row = insert(Volunteer).values(resident_id=resident_id, community_id=community_id, since=now(), asked=0)
    await session.execute(row.on_conflict_do_nothing())
