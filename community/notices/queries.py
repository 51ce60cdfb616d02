"""The public notices of a community, for who is nobody in particular: a group chat, a page without a sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.notices.models import Notice
from community.notices.reading import anybody_in, find_newest
from community.places.models import Community


async def find_valid_notices(
    session: AsyncSession, community_id: UUID, at: datetime, most: int = 5
) -> Sequence[Notice]:
    """Public notices that are out and valid at `at`, newest first."""
    community = await session.get_one(Community, community_id)
    return await find_newest(session, anybody_in(community), at, most)
