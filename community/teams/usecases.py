"""Teams: staff make one with a leader, residents join with its code, the leader keeps the list of members."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.rights import PLANNERS
from community.actors import StaffActor
from community.audit.usecases import note_act
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.limits.usecases import count_use
from community.needs.codes import make_code
from community.residents.models import Resident
from community.signups.people import check_known
from community.teams.models import Team, TeamMember
from community.teams.rights import kept_by
from linli.text import check_text, clean_text

LONGEST_NAME = 40
MOST_MEMBERS = 50
TRIES, WINDOW = 10, timedelta(hours=1)


async def make_team(session: AsyncSession, actor: StaffActor, name: str, leader_id: UUID) -> Team:
    """A team of the actor's community with its leader, whom the actor may know as a volunteer.

    Raises NotAllowed, NotFound for a stranger, TextRefused.
    """
    if actor.role not in PLANNERS or actor.community_id is None:
        raise NotAllowed
    await check_known(session, actor, leader_id)
    team = Team(
        community_id=actor.community_id,
        leader_id=leader_id,
        name=check_text(name, LONGEST_NAME),
        code=make_code(),
        made_by=actor.staff_id,
    )
    session.add(team)
    await session.flush()
    await _add(session, team.id, leader_id)
    _note(session, actor, team, "team_made")
    return team


async def change_leader(session: AsyncSession, actor: StaffActor, team_id: UUID, leader_id: UUID) -> Team:
    """Somebody else leads from now on, and is a member. Raises as `make_team`; WrongState for a team that ended."""
    team = await _get_kept(session, actor, team_id)
    await check_known(session, actor, leader_id)
    team.leader_id = leader_id
    await _add(session, team.id, leader_id)
    _note(session, actor, team, "team_leader_changed")
    return team


async def end_team(session: AsyncSession, actor: StaffActor, team_id: UUID) -> Team:
    """The team signs up no more; what its members have signed up for stays. Raises as `change_leader`."""
    team = await _get_kept(session, actor, team_id)
    team.ended_at = now()
    _note(session, actor, team, "team_ended")
    return team


async def join_team(session: AsyncSession, resident_id: UUID, code: str) -> Team:
    """Become a member with the code that the leader tells. Raises Refused: team_code, team_full."""
    resident = await session.get(Resident, resident_id)
    wanted = select(Team).where(Team.code == clean_text(code).upper(), Team.ended_at.is_(None))
    team: Team | None = await session.scalar(wanted.with_for_update())
    if team is None or resident is None or resident.community_id != team.community_id:
        raise Refused("team_code")
    if await session.get(TeamMember, (team.id, resident_id)) is None:
        members = select(func.count()).select_from(TeamMember).where(TeamMember.team_id == team.id)
        if int(await session.scalar(members) or 0) >= MOST_MEMBERS:
            raise Refused("team_full", most=MOST_MEMBERS)
        await _add(session, team.id, resident_id)
    return team


async def leave_team(
    session: AsyncSession, resident_id: UUID, team_id: UUID, member_id: UUID | None = None
) -> None:
    """Leave, or as the leader take somebody off the list. The leader stays until staff name another."""
    team = await session.get(Team, team_id)
    gone = member_id or resident_id
    if team is None or resident_id not in (gone, team.leader_id):
        raise NotFound
    if gone == team.leader_id:
        raise WrongState("team_needs_leader")
    await session.execute(
        delete(TeamMember).where(TeamMember.team_id == team_id, TeamMember.resident_id == gone)
    )


async def count_team_code(session: AsyncSession, resident_id: UUID) -> None:
    """Count one code that somebody tries, so that none can be guessed. Raises TooMany."""
    await count_use(session, f"team:{resident_id}", TRIES, WINDOW)


async def _add(session: AsyncSession, team_id: UUID, resident_id: UUID) -> None:
    row = insert(TeamMember).values(team_id=team_id, resident_id=resident_id, since=now())
    await session.execute(row.on_conflict_do_nothing())


async def _get_kept(session: AsyncSession, actor: StaffActor, team_id: UUID) -> Team:
    team: Team | None = await session.scalar(
        select(Team).where(Team.id == team_id, kept_by(actor)).with_for_update(of=Team)
    )
    if team is None:
        raise NotFound
    if actor.role not in PLANNERS:
        raise NotAllowed
    if team.ended_at is not None:
        raise WrongState("team_over")
    return team


def _note(session: AsyncSession, actor: StaffActor, team: Team, act: str) -> None:
    note_act(
        session,
        actor,
        act,
        subject_kind="team",
        subject_id=team.id,
        community_id=team.community_id,
        leader=team.leader_id,
    )
