"""The steps that changes of an activity share: lock, check rights, write history."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, ActivityHistory, Part, Shift, ShiftPlaces
from community.activities.rights import may_run
from community.actors import StaffActor
from community.clock import now
from community.errors import NotAllowed, NotFound

SECRET_BYTES = 16


async def lock_run_activity(session: AsyncSession, actor: StaffActor, activity_id: UUID) -> Activity:
    """The activity, locked, for staff who may run it. Raises NotFound outside of the community, else NotAllowed."""
    activity = await session.get(Activity, activity_id, with_for_update=True, populate_existing=True)
    if activity is None or activity.community_id != actor.community_id:
        raise NotFound
    if not may_run(actor, activity):
        raise NotAllowed
    return activity


def make_shift(activity: Activity, starts_at: datetime, ends_at: datetime) -> Shift:
    """A shift of the activity."""
    return Shift(
        activity_id=activity.id,
        community_id=activity.community_id,
        starts_at=starts_at,
        ends_at=ends_at,
        secret=secrets.token_bytes(SECRET_BYTES),
    )


def make_places(shift: Shift, numbers: dict[Part, int]) -> list[ShiftPlaces]:
    """The places of a shift, for the parts that there are."""
    return [ShiftPlaces(shift_id=shift.id, part=part, places=many) for part, many in numbers.items() if many]


def note_act(
    session: AsyncSession,
    actor: StaffActor,
    activity: Activity,
    act: str,
    *,
    shift_id: UUID | None = None,
    why: str | None = None,
) -> None:
    """Write a line of the activity's history."""
    session.add(
        ActivityHistory(
            activity_id=activity.id, shift_id=shift_id, at=now(), staff_id=actor.staff_id, act=act, why=why
        )
    )
