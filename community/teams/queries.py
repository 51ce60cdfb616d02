"""Reading teams: those of a community, one's own, and the members of one for its leader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.actors import StaffActor
from community.errors import NotFound
from community.residents.models import Resident
from community.teams.models import Team, TeamMember
from community.teams.rights import kept_by


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


async def find_kept_teams(session: AsyncSession, actor: StaffActor) -> Sequence[TeamLine]:
    """The teams that the actor may change, by name."""
    wanted = _lines().where(kept_by(actor), Team.ended_at.is_(None))
    return [TeamLine(*row) for row in await session.execute(wanted.order_by(Team.name))]


async def find_own_teams(session: AsyncSession, resident_id: UUID) -> Sequence[TeamLine]:
    """The teams to which a resident belongs, in the community where they live now."""
    own = aliased(TeamMember)
    wanted = (
        _lines()
        .join(own, own.team_id == Team.id)
        .where(own.resident_id == resident_id, lives_there(resident_id))
    )
    return [
        TeamLine(*row)
        for row in await session.execute(wanted.where(Team.ended_at.is_(None)).order_by(Team.name))
    ]


async def find_led_teams(session: AsyncSession, resident_id: UUID) -> Sequence[Team]:
    """The teams that a resident leads, in the community where they live now."""
    wanted = select(Team).where(led_by(resident_id))
    return (await session.scalars(wanted.order_by(Team.name))).all()


async def get_own_team(session: AsyncSession, resident_id: UUID, team_id: UUID) -> TeamLine:
    """A team to which the resident belongs; raises NotFound for anybody else's."""
    found = [line for line in await find_own_teams(session, resident_id) if line.team.id == team_id]
    if not found:
        raise NotFound
    return found[0]


async def find_members(session: AsyncSession, team_id: UUID) -> Sequence[Member]:
    """Who belongs to a team and lives in its community, longest first; the caller has checked who asks."""
    wanted = (
        select(Resident.id, Resident.name)
        .join(TeamMember, TeamMember.resident_id == Resident.id)
        .join(Team, Team.id == TeamMember.team_id)
        .where(Team.id == team_id, Resident.community_id == Team.community_id)
        .order_by(TeamMember.since, Resident.id)
    )
    return [Member(*row) for row in await session.execute(wanted)]


def led_by(resident_id: UUID) -> ColumnElement[bool]:
    """That a team is led by this resident: it has not ended, and they have not moved away from its community."""
    return and_(Team.leader_id == resident_id, Team.ended_at.is_(None), lives_there(resident_id))


def lives_there(resident_id: UUID) -> ColumnElement[bool]:
    """That the resident lives in the community of a team; whoever moved away is in it by name alone."""
    home = aliased(Resident)
    return exists().where(home.id == resident_id, home.community_id == Team.community_id)


def _lines() -> Select[Team, str | None, int]:
    member = aliased(Resident)
    many = (
        select(func.count())
        .select_from(TeamMember)
        .join(member, member.id == TeamMember.resident_id)
        .where(TeamMember.team_id == Team.id, member.community_id == Team.community_id)
        .correlate(Team)
        .scalar_subquery()
    )
    return select(Team, Resident.name, many).join(Resident, Resident.id == Team.leader_id)
