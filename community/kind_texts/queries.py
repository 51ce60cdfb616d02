"""Finding what a community says about kinds of needs."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.kind_texts.models import KindText


async def find_kind_text(session: AsyncSession, community_id: UUID, kind: str) -> KindText | None:
    """What is told about one kind; None where the community says nothing of its own."""
    return await session.get(KindText, (community_id, kind))


async def find_kind_texts(session: AsyncSession, community_id: UUID) -> Mapping[str, KindText]:
    """All that the community says, by kind."""
    rows = await session.scalars(select(KindText).where(KindText.community_id == community_id))
    return {row.kind: row for row in rows}
