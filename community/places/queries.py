"""Reading the place tree for people who choose: communities of the street, buildings of one, units of a building."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.places.models import Community, Level, Place

_BY_NUMBER = (func.length(Place.number), Place.number)  # 2 before 10


async def find_communities(session: AsyncSession) -> Sequence[Community]:
    """All communities, in the order of their codes."""
    return (await session.scalars(select(Community).order_by(Community.code))).all()


async def find_buildings(session: AsyncSession, community_id: UUID) -> Sequence[Place]:
    """The buildings of a community, in the order of their numbers."""
    wanted = select(Place).where(Place.community_id == community_id, Place.level == Level.BUILDING)
    return (await session.scalars(wanted.order_by(*_BY_NUMBER))).all()


async def find_units(session: AsyncSession, community_id: UUID, building_id: UUID) -> Sequence[Place]:
    """The units of a building of the community, in the order of their numbers."""
    wanted = select(Place).where(
        Place.community_id == community_id, Place.parent_id == building_id, Place.level == Level.UNIT
    )
    return (await session.scalars(wanted.order_by(*_BY_NUMBER))).all()


async def find_narrowings(session: AsyncSession, community_id: UUID) -> Sequence[Place]:
    """The grids and buildings of a community, for lines of the list that hold in one of them only."""
    wanted = select(Place).where(Place.community_id == community_id, Place.level != Level.UNIT)
    return (await session.scalars(wanted.order_by(Place.level.desc(), *_BY_NUMBER))).all()


def places_below(places: Sequence[UUID]) -> Select[UUID]:
    """The ids of the places themselves and all that lies below them: buildings of a grid, units of a building."""
    tree = select(Place.id).where(Place.id.in_(places)).cte("below", recursive=True)
    tree = tree.union(select(Place.id).where(Place.parent_id == tree.c.id))
    return select(tree.c.id)


async def find_path(session: AsyncSession, place_id: UUID | None) -> Sequence[Place]:
    """A place and what it lies in, upwards."""
    if place_id is None:
        return []
    up = select(Place.id, Place.parent_id, literal(0).label("steps")).where(Place.id == place_id)
    above = up.cte("above", recursive=True)
    above = above.union_all(
        select(Place.id, Place.parent_id, above.c.steps + 1).join(above, Place.id == above.c.parent_id)
    )
    wanted = select(Place).join(above, above.c.id == Place.id).order_by(above.c.steps)
    return (await session.scalars(wanted)).all()
