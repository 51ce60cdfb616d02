"""What a QR code at a door or in a link says about where its reader stands: a building, a unit, or a community."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.places.models import Community, Level, Place
from linli.text import clean_text


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the code hangs; no place where it names only a community, or a grid, in which nobody lives."""

    community_id: UUID
    place_id: UUID | None


def scene_of(place: Place) -> str:
    """What the code of a place says: 32 letters and digits, which every platform allows."""
    return place.id.hex


async def find_scene(session: AsyncSession, scene: str) -> Scene | None:
    """The place or community that a code names; None for one that says nothing to us."""
    place_id = _read_id(scene)
    if place_id is None:
        wanted = select(Community.id).where(Community.code == clean_text(scene))
        community_id = await session.scalar(wanted)
        return Scene(community_id, None) if community_id else None
    place = await session.get(Place, place_id)
    if place is None:
        return None
    return Scene(place.community_id, None if place.level is Level.GRID else place.id)


def _read_id(scene: str) -> UUID | None:
    try:
        return UUID(hex=scene)
    except ValueError:
        return None
