"""Who may join an activity: whoever has the qualification at that time, lives in the building, belongs to the team.

Only a confirmed home opens a building's activity (docs/decisions/0040-a-home-is-confirmed-for-what-is-its-own.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from community.activities.models import Activity, Qualification
from community.activities.qualifications import is_qualified
from community.errors import Refused
from community.places.models import Place
from community.residents.models import HomeClaim, Resident
from community.teams.models import Team, TeamMember

Who = InstrumentedAttribute[UUID]


def open_to(one: Who, activity: Activity, at: datetime) -> list[ColumnElement[bool]]:
    """That this resident may join what begins at `at`, as conditions of a query."""
    conditions: list[ColumnElement[bool]] = []
    if activity.qualification:
        conditions.append(
            exists().where(
                Qualification.resident_id == one,
                Qualification.community_id == activity.community_id,
                Qualification.code == activity.qualification,
                or_(Qualification.expires_at.is_(None), Qualification.expires_at > at),
            )
        )
    if activity.building_id is not None:
        inside = select(Place.id).where(
            or_(Place.id == activity.building_id, Place.parent_id == activity.building_id)
        )
        conditions.append(
            exists().where(
                Resident.id == one, Resident.home_id.in_(inside), Resident.home_claim == HomeClaim.CONFIRMED
            )
        )
    if activity.team_id is not None:
        conditions.append(
            exists().where(TeamMember.team_id == activity.team_id, TeamMember.resident_id == one)
        )
    return conditions


async def check_open_to(
    session: AsyncSession, resident: Resident, activity: Activity, at: datetime, values: Mapping[str, object]
) -> None:
    """Raises Refused for whoever may not join what begins at `at`: join_not_qualified, join_other_building,
    join_home_claimed where they say to live there and nobody has confirmed it, join_other_team.
    """
    needed = activity.qualification
    if needed and not await is_qualified(session, resident.id, activity.community_id, needed, at):
        raise Refused("join_not_qualified", qualification=needed, **values)
    if activity.building_id is not None:
        await _check_home(session, resident, activity.building_id, values)
    team = await session.get(Team, activity.team_id) if activity.team_id else None
    if team is not None and await session.get(TeamMember, (team.id, resident.id)) is None:
        raise Refused("join_other_team", team=team.name, **values)


async def _check_home(
    session: AsyncSession, resident: Resident, building_id: UUID, values: Mapping[str, object]
) -> None:
    home = await session.get(Place, resident.home_id) if resident.home_id else None
    building = await session.get_one(Place, building_id)
    if home is None or building_id not in (home.id, home.parent_id):
        raise Refused("join_other_building", building=building.name, **values)
    if resident.home_claim is not HomeClaim.CONFIRMED:
        raise Refused("join_home_claimed", building=building.name, **values)
