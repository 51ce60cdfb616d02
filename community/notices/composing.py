"""What the composer offers to choose from, within the writer's walls: places, activities, notices without receipts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, ActivityState, Shift
from community.actors import StaffActor
from community.clock import now
from community.notices.listing import find_recent
from community.notices.models import Notice
from community.places.models import Community, Place

MOST_ACTIVITIES = 30


@dataclass(frozen=True, slots=True)
class Branch:
    """A place with what lies below it."""

    place: Place
    below: Sequence[Branch]


@dataclass(frozen=True, slots=True)
class Choices:
    """The lists. `trees` has the places of each community, grids or buildings first."""

    trees: Sequence[tuple[Community, Sequence[Branch]]]
    activities: Sequence[Activity]
    receipts: Sequence[Notice]


async def find_choices(session: AsyncSession, actor: StaffActor) -> Choices:
    """What this person may choose from."""
    inside = Community.street_id == actor.street_id
    if actor.community_id is not None:
        inside = Community.id == actor.community_id
    communities = (await session.scalars(select(Community).where(inside).order_by(Community.code))).all()
    ids = [community.id for community in communities]
    trees = await _find_trees(session, ids)
    return Choices(
        [(community, trees.get(community.id, ())) for community in communities],
        await _find_activities(session, ids),
        await find_recent(session, actor),
    )


async def _find_trees(session: AsyncSession, communities: Sequence[UUID]) -> dict[UUID, Sequence[Branch]]:
    wanted = select(Place).where(Place.community_id.in_(communities))
    places = (await session.scalars(wanted.order_by(func.length(Place.number), Place.number))).all()
    below: dict[UUID | None, list[Place]] = defaultdict(list)
    for place in places:
        below[place.parent_id].append(place)

    def branch(place: Place) -> Branch:
        return Branch(place, [branch(each) for each in below[place.id]])

    trees: dict[UUID, list[Branch]] = defaultdict(list)
    for place in sorted(below[None], key=lambda place: place.level.value != "grid"):
        trees[place.community_id].append(branch(place))
    return dict(trees)


async def _find_activities(session: AsyncSession, communities: Sequence[UUID]) -> Sequence[Activity]:
    """Those that are open and have a date ahead."""
    ahead = exists().where(
        Shift.activity_id == Activity.id, Shift.starts_at > now(), Shift.cancelled_at.is_(None)
    )
    wanted = select(Activity).where(
        Activity.community_id.in_(communities), Activity.state == ActivityState.PUBLISHED, ahead
    )
    return (await session.scalars(wanted.order_by(Activity.created_at.desc()).limit(MOST_ACTIVITIES))).all()
