"""Reads the place tree of a community into memory, for matching what people say, and keeps it there for a moment."""

from __future__ import annotations

import time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.places.models import Place
from community.places.tree import PlaceNode, PlaceTree

KEPT_SECONDS = 30.0  # so long a new building may be unknown
_kept: dict[UUID, tuple[float, PlaceTree]] = {}


async def get_tree(session: AsyncSession, community_id: UUID) -> PlaceTree:
    """The places of a community, as they were half a minute ago at most; an empty tree where it has none."""
    moment = time.monotonic()
    read_at, tree = _kept.get(community_id, (0.0, None))
    if tree is None or moment - read_at > KEPT_SECONDS:
        tree = await _read_tree(session, community_id)
        _kept[community_id] = (moment, tree)
    return tree


async def _read_tree(session: AsyncSession, community_id: UUID) -> PlaceTree:
    wanted = select(Place.id, Place.parent_id, Place.level, Place.number, Place.zh, Place.en)
    rows = await session.execute(wanted.where(Place.community_id == community_id))
    return PlaceTree(PlaceNode(*row) for row in rows)
