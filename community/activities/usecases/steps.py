"""The steps that plans and changes of an activity share: lock, check rights, draft, store shifts, write history."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, ActivityHistory, ActivityState, Part, Shift, ShiftPlaces
from community.activities.rights import may_run
from community.actors import StaffActor
from community.clock import now
from community.errors import NotAllowed, NotFound

SECRET_BYTES = 16
PlannedShift = tuple[datetime, datetime, Mapping[Part, int]]


async def lock_run_activity(session: AsyncSession, actor: StaffActor, activity_id: UUID) -> Activity:
    """The activity, locked, for staff who may run it. Raises NotFound outside of the community, else NotAllowed."""
    activity = await session.get(Activity, activity_id, with_for_update=True, populate_existing=True)
    if activity is None or activity.community_id != actor.community_id:
        raise NotFound
    if not may_run(actor, activity):
        raise NotAllowed
    return activity


def make_draft(actor: StaffActor, community_id: UUID, request_id: UUID | None, **values: object) -> Activity:
    """A draft of the actor's party, with these values; it is not stored by this."""
    return Activity(
        community_id=community_id,
        party_id=actor.party_id,
        planned_by=actor.staff_id,
        request_id=request_id,
        state=ActivityState.DRAFT,
        **values,
    )


async def store_shifts(session: AsyncSession, activity: Activity, planned: Sequence[PlannedShift]) -> None:
    """Store shifts of a stored activity, each from when to when, with so many places for the parts that there are."""
    made = [(_make_shift(activity, starts_at, ends_at), places) for starts_at, ends_at, places in planned]
    session.add_all(shift for shift, _ in made)
    await session.flush()
    session.add_all(
        ShiftPlaces(shift_id=shift.id, part=part, places=many)
        for shift, places in made
        for part, many in places.items()
        if many
    )
    await session.flush()


def _make_shift(activity: Activity, starts_at: datetime, ends_at: datetime) -> Shift:
    return Shift(
        activity_id=activity.id,
        community_id=activity.community_id,
        starts_at=starts_at,
        ends_at=ends_at,
        secret=secrets.token_bytes(SECRET_BYTES),
    )


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
