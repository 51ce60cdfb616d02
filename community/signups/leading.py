"""Who leads the list of a shift: staff who run the activity, and the leader of its team or of the team that came.

A leader sees first names and who is there, no phones; every correction stands in the history with their name on it.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity
from community.activities.rights import may_run
from community.actors import ResidentActor, StaffActor
from community.errors import NotFound
from community.signups.models import SignUp
from community.signups.usecases.steps import Held, hold_sign_up
from community.teams.models import Team
from community.teams.queries import led_by as leads_team


async def hold_led(session: AsyncSession, actor: StaffActor | ResidentActor, sign_up_id: UUID) -> Held:
    """The sign-up under the lock of its places, for whoever leads its list; raises NotFound for anybody else.

    Nobody notes their own coming and hours: for a leader the code does it, or staff.
    """
    held = await hold_sign_up(session, sign_up_id)
    if isinstance(actor, StaffActor):
        if not may_run(actor, held.activity):
            raise NotFound
        return held
    others = SignUp.resident_id != actor.resident_id
    leads = select(SignUp.id).join(Activity, Activity.id == held.activity.id)
    if not await session.scalar(leads.where(SignUp.id == sign_up_id, others, led_by(actor.resident_id))):
        raise NotFound
    return held


def led_by(resident_id: UUID) -> ColumnElement[bool]:
    """That a sign-up, joined with its activity, came with a team of this leader, or to an activity of it."""
    its_team = or_(Team.id == SignUp.team_id, Team.id == Activity.team_id)
    return exists(select(Team.id).where(leads_team(resident_id), its_team))
