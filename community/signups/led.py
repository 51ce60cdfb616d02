"""Reading what a team's leader leads: its shifts near today, and who comes to one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, ActivityState, Shift
from community.residents.models import Resident
from community.signups.leading import led_by
from community.signups.models import OPEN, SignUp, SignUpState
from community.teams.models import Team

BACK, AHEAD = timedelta(days=7), timedelta(days=60)
MOST = 30
_SHOWN = OPEN | {SignUpState.COMPLETED, SignUpState.NO_SHOW}


@dataclass(frozen=True, slots=True)
class Led:
    """Somebody on a leader's list: the name that they gave, no phone."""

    sign_up: SignUp
    name: str | None


async def find_team_shifts(
    session: AsyncSession, team: Team, at: datetime
) -> Sequence[tuple[Shift, Activity]]:
    """The shifts of a team from a week ago to two months ahead: those it signed up for, and those that are its own."""
    came = exists().where(SignUp.shift_id == Shift.id, SignUp.team_id == team.id)
    wanted = (
        select(Shift, Activity)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            Shift.community_id == team.community_id,
            Activity.state == ActivityState.PUBLISHED,
            Shift.cancelled_at.is_(None),
            Shift.starts_at >= at - BACK,
            Shift.starts_at < at + AHEAD,
            or_(came, Activity.team_id == team.id),
        )
    )
    rows = await session.execute(wanted.order_by(Shift.starts_at, Shift.id).limit(MOST))
    return [(shift, activity) for shift, activity in rows]


async def find_led_people(session: AsyncSession, leader_id: UUID, shift_id: UUID) -> Sequence[Led]:
    """Who of a leader's people is in a shift, by their coming; nobody for whoever leads nobody there."""
    wanted = (
        select(SignUp, Resident.name)
        .join(Shift, Shift.id == SignUp.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .join(Resident, Resident.id == SignUp.resident_id)
        .where(SignUp.shift_id == shift_id, SignUp.state.in_(_SHOWN), led_by(leader_id))
        .order_by(SignUp.created_at)
    )
    return [Led(*row) for row in await session.execute(wanted)]
