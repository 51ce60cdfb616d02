"""A leader signs the team up: each member who can come gets a place of their own, and may say that they cannot."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Part
from community.clock import now
from community.errors import NotFound, Refused
from community.signups.usecases.joining import join_shift
from community.signups.usecases.steps import Held, answer_buttons, lock_resident, tell
from community.teams.models import Team
from community.teams.queries import Member, find_members, led_by


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A member who did not get a place, and the message that says why."""

    member: Member
    why: str


@dataclass(frozen=True, slots=True)
class TeamJoined:
    """Who of a team has a place now, and who has not."""

    joined: Sequence[Held]
    left_out: Sequence[LeftOut]


async def join_as_team(
    session: AsyncSession,
    leader_id: UUID,
    team_id: UUID,
    shift_id: UUID,
    members: Collection[UUID] | None,
    *,
    request_id: UUID,
) -> TeamJoined:
    """Sign up these members of the leader's team (all: None) as volunteers, as far as places and their own time allow.

    Raises NotFound for a team that somebody else leads, or whose leader moved away; Refused("team_nobody") where nobody
    can come.
    """
    team = await session.scalar(select(Team).where(Team.id == team_id, led_by(leader_id)))
    if team is None:
        raise NotFound
    chosen = [each for each in await find_members(session, team_id) if _is_chosen(each, members)]
    for each in sorted(chosen, key=lambda member: member.resident_id):
        await lock_resident(session, each.resident_id)
    done = [await _try_to_join(session, team, each, shift_id, request_id) for each in chosen]
    joined = [each for each in done if isinstance(each, Held)]
    left_out = [each for each in done if isinstance(each, LeftOut)]
    if not joined:
        raise Refused("team_nobody")
    for held in joined:
        if held.sign_up.resident_id != leader_id:
            await _tell(session, held, team)
    return TeamJoined(joined, left_out)


def _is_chosen(member: Member, members: Collection[UUID] | None) -> bool:
    return members is None or member.resident_id in members


async def _try_to_join(
    session: AsyncSession, team: Team, member: Member, shift_id: UUID, request_id: UUID
) -> Held | LeftOut:
    try:
        return await _join(session, team, member, shift_id, request_id)
    except Refused as refusal:
        return LeftOut(member, refusal.message)


async def _join(session: AsyncSession, team: Team, member: Member, shift_id: UUID, request_id: UUID) -> Held:
    held = await join_shift(
        session,
        member.resident_id,
        shift_id,
        Part.VOLUNTEER,
        only_if_free=True,
        request_id=uuid5(request_id, str(member.resident_id)),
    )
    held.sign_up.team_id = team.id
    return held


async def _tell(session: AsyncSession, held: Held, team: Team) -> None:
    """The member hears it, and says whether they can come."""
    held.sign_up.asked_at = now()
    await tell(
        session,
        held,
        "team_signed_up",
        "team",
        buttons=answer_buttons(held.sign_up.id),
        expires_at=held.shift.starts_at,
        team=team.name,
    )
