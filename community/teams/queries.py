"""Reading teams: those of a community, one's own, and the members of one for its leader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.errors import NotFound
from community.residents.models import Resident
from community.teams.models import Team, TeamMember


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team with its leader's name and how many belong to it."""

    team: Team
    leader: str | None
    members: int


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a team, as its leader sees them."""

    resident_id: UUID
    name: str | None


async def find_teams(session: AsyncSession, community_id: UUID) -> Sequence[TeamLine]:
    """The teams of a community that have not ended, by name."""
    wanted = _lines().where(Team.community_id == community_id, Team.ended_at.is_(None))
    return [TeamLine(*row) for row in await session.execute(wanted.order_by(Team.name))]


async def find_own_teams(session: AsyncSession, resident_id: UUID) -> Sequence[TeamLine]:
    """The teams to which a resident belongs."""
    own = aliased(TeamMember)
    wanted = _lines().join(own, own.team_id == Team.id).where(own.resident_id == resident_id)
    return [
        TeamLine(*row)
        for row in await session.execute(wanted.where(Team.ended_at.is_(None)).order_by(Team.name))
    ]


async def find_led_teams(session: AsyncSession, resident_id: UUID) -> Sequence[Team]:
    """The teams that a resident leads."""
    wanted = select(Team).where(Team.leader_id == resident_id, Team.ended_at.is_(None))
    return (await session.scalars(wanted.order_by(Team.name))).all()


async def get_own_team(session: AsyncSession, resident_id: UUID, team_id: UUID) -> TeamLine:
    """A team to which the resident belongs; raises NotFound for anybody else's."""
    found = [line for line in await find_own_teams(session, resident_id) if line.team.id == team_id]
    if not found:
        raise NotFound
    return found[0]


async def find_members(session: AsyncSession, team_id: UUID) -> Sequence[Member]:
    """Who belongs to a team, longest first; the caller has checked who asks."""
    wanted = (
        select(Resident.id, Resident.name)
        .join(TeamMember, TeamMember.resident_id == Resident.id)
        .where(TeamMember.team_id == team_id)
        .order_by(TeamMember.since, Resident.id)
    )
    return [Member(*row) for row in await session.execute(wanted)]


def _lines() -> Select[Team, str | None, int]:
    many = (
        select(func.count())
        .select_from(TeamMember)
        .where(TeamMember.team_id == Team.id)
        .correlate(Team)
        .scalar_subquery()
    )
    return select(Team, Resident.name, many).join(Resident, Resident.id == Team.leader_id)
