"""Hours taken away as a list, by who runs activities: noted in the audit log, names only of one's own community."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, Shift
from community.activities.rights import may_plan
from community.actors import StaffActor
from community.audit.usecases import note_act
from community.errors import NotAllowed
from community.parties.models import Role
from community.residents.models import Resident
from community.signups.models import SignUp
from community.signups.serving import SERVED

MOST = 50_000


@dataclass(frozen=True, slots=True)
class HoursLine:
    """Who did what when, and for how long."""

    name: str
    activity: Activity
    starts_at: datetime
    minutes: int


async def take_hours(
    session: AsyncSession, actor: StaffActor, since: datetime, until: datetime, form: str
) -> Sequence[HoursLine]:
    """Hours of volunteers in shifts that began between two moments: all for the committee, a party its own.

    Raises NotAllowed for whoever plans nothing.
    """
    if actor.community_id is None or not may_plan(actor, actor.community_id):
        raise NotAllowed
    wanted = (
        select(Resident.name, Activity, SignUp.starts_at, SignUp.minutes)
        .join(Shift, Shift.id == SignUp.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .join(Resident, Resident.id == SignUp.resident_id)
        .where(
            Shift.community_id == actor.community_id,
            Shift.starts_at >= since,
            Shift.starts_at < until,
            SERVED,
        )
        .order_by(SignUp.starts_at, SignUp.created_at)
        .limit(MOST)
    )
    if actor.role is not Role.COMMITTEE:
        wanted = wanted.where(Activity.party_id == actor.party_id)
    rows = (await session.execute(wanted)).all()
    note_act(
        session,
        actor,
        "hours_exported",
        subject_kind="sign_up",
        subject_id=None,
        community_id=actor.community_id,
        form=form,
        count=len(rows),
    )
    return [
        HoursLine(name or "", activity, starts_at, minutes or 0)
        for name, activity, starts_at, minutes in rows
    ]
