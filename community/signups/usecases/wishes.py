"""How long before a shift a person wants to be asked, and reminded: kept, and reminders that still lie ahead follow."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, Shift
from community.clock import now
from community.errors import Refused
from community.places.models import Community
from community.signups.models import COMING, ReminderWish, SignUp
from community.signups.usecases.reminding import plan_anew
from community.signups.usecases.steps import lock_resident

CONFIRMS = (720, 1440, 2880)
REMINDS = (30, 60, 120, 180)


async def wish_reminders(
    session: AsyncSession, resident_id: UUID, confirm_minutes: int | None, remind_minutes: int | None
) -> None:
    """Minutes before a shift, of CONFIRMS and REMINDS, or None as each activity has it. Raises Refused."""
    if confirm_minutes not in (None, *CONFIRMS) or remind_minutes not in (None, *REMINDS):
        raise Refused("reminder_times")
    await lock_resident(session, resident_id)
    values = {"confirm_minutes": confirm_minutes, "remind_minutes": remind_minutes}
    row = insert(ReminderWish).values(resident_id=resident_id, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["resident_id"], set_=values))
    await _plan_again(session, resident_id)


async def find_reminder_wish(session: AsyncSession, resident_id: UUID) -> ReminderWish | None:
    """What the resident wishes, None as long as they have not said it."""
    return await session.get(ReminderWish, resident_id)


async def _plan_again(session: AsyncSession, resident_id: UUID) -> None:
    wanted = (
        select(SignUp, Shift, Activity, Community.zone)
        .join(Shift, Shift.id == SignUp.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .join(Community, Community.id == Shift.community_id)
        .where(SignUp.resident_id == resident_id, SignUp.starts_at > now(), SignUp.state.in_(COMING))
    )
    for sign_up, shift, activity, zone in (await session.execute(wanted)).all():
        await plan_anew(session, activity, shift, zone, [sign_up])
