"""Reads the place tree of a community into memory, for matching what people say."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.places.models import Place
from community.places.tree import PlaceNode, PlaceTree


async def get_tree(session: AsyncSession, community_id: UUID) -> PlaceTree:
    """The places of a community; an empty tree where it has none."""
    wanted = select(Place.id, Place.parent_id, Place.level, Place.number, Place.zh, Place.en)
    rows = await session.execute(wanted.where(Place.community_id == community_id))
    return PlaceTree(PlaceNode(*row) for row in rows)
