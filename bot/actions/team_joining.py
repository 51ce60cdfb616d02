"""Signing up as a team: its leader says so, everybody who can come gets a place, and the members are told."""

from __future__ import annotations

import re
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import payload
from bot.actions.joining_draft import Draft, shift_values_of
from bot.actions.turn import Button, Turn
from community.activities.models import Part
from community.activities.queries import ShiftLine
from community.signups.usecases.teaming import join_as_team
from community.teams.models import Team
from community.teams.queries import find_led_teams, find_members

_TEAM = re.compile(
    r"(?:我们?|咱们?|我们这个?|全|整)队|队员(?:们|都|一起)|带队|\b(?:my|our|the whole) team\b|\bas a team\b",
    re.IGNORECASE,
)


async def find_team_said(turn: Turn, session: AsyncSession) -> str | None:
    """The id of the team that a leader means: the one whose name is said, else the first; None for everybody else."""
    if not _TEAM.search(turn.text):
        return None
    led = await find_led_teams(session, turn.resident_id)
    named = [team for team in led if team.name in turn.text] or led
    return str(named[0].id) if named else None


async def ask_team_sure(turn: Turn, session: AsyncSession, draft: Draft, line: ShiftLine) -> None:
    """Read back how many come where; a team helps, so there is nothing to join where no helpers are wanted."""
    if Part.VOLUNTEER not in line.parts:
        turn.end()
        turn.say("team_no_helpers", **shift_values_of(line, draft))
        return
    team = await session.get_one(Team, UUID(str(draft.team)))
    members = await find_members(session, team.id)
    turn.ask(
        "confirm",
        "join_read_back_team",
        Button("button_join_yes", payload("affirm", draft=draft.id)),
        Button("button_not_now", payload("deny", draft=draft.id)),
        **{**shift_values_of(line, draft), "team": team.name, "people": len(members)},
    )


async def sign_up_team(turn: Turn, session: AsyncSession, draft: Draft, line: ShiftLine) -> None:
    """Give everybody of the team a place who can come."""
    team = await session.get_one(Team, UUID(str(draft.team)))
    request_id = uuid5(NAMESPACE_OID, f"team:{turn.message_id}")
    turn.end()
    done = await join_as_team(session, turn.resident_id, team.id, line.shift.id, None, request_id=request_id)
    values = {"team": team.name, "people": len(done.joined), "left_out": len(done.left_out)}
    turn.keep(listed=None)
    turn.say("team_joined", **{**shift_values_of(line, draft), **values})
