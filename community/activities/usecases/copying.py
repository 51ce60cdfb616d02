"""Plan once more what went well: one activity, or what a party had last month; always as drafts, which tell nobody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, Shift
from community.activities.monthly import MonthActivity, Why, copy_key, find_month
from community.activities.months import get_month_ahead
from community.activities.queries import ShiftLine, find_shifts_of
from community.activities.rights import may_plan
from community.activities.usecases.steps import lock_run_activity, make_draft, note_act, store_shifts
from community.actors import StaffActor
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.places.models import Community

Dates = Sequence[tuple[ShiftLine, datetime]]
"""Shifts to copy, each with its new beginning."""


async def copy_activity(
    session: AsyncSession, actor: StaffActor, activity_id: UUID, first: datetime
) -> Activity:
    """A draft like an earlier activity, its shifts in the same rhythm from `first` on, not further than they went."""
    old = await lock_run_activity(session, actor, activity_id)
    _, lines = await find_shifts_of(session, actor, activity_id)
    standing = [line for line in lines if line.shift.cancelled_at is None] or list(
        {line.shift.starts_at: line for line in lines}.values()
    )
    if first <= now():
        raise Refused("plan_past")
    zone = (await session.get_one(Community, old.community_id)).zone
    begun = standing[0].shift.starts_at
    dates = [(line, _in_rhythm(line.shift.starts_at, begun, first, zone)) for line in standing]
    return await _copy(session, actor, old, dates)


def _in_rhythm(at: datetime, begun: datetime, first: datetime, zone: str) -> datetime:
    """As many days and hours on the clock there after `first` as `at` is after `begun`: 9:00 stays 9:00."""
    there = ZoneInfo(zone)
    clocks = [each.astimezone(there).replace(tzinfo=None) for each in (at, begun, first)]
    return (clocks[2] + (clocks[0] - clocks[1])).replace(tzinfo=there).astimezone(UTC)


async def copy_month(
    session: AsyncSession, actor: StaffActor, written: str, shift_ids: Collection[UUID]
) -> list[Activity]:
    """Drafts for a month (written as 2026-03) of these shifts of the month before, one of each activity.

    What was copied into that month already stays as it is, so a form that comes again makes nothing more. The source
    rows are locked, so of two colleagues the second finds what the first made. Raises NotAllowed for whoever may not
    plan and for what another party planned; NotFound; Refused: copy_month_when for a month that is over, is more than a
    year ahead or is none, copy_month_none without a shift; WrongState("copy_month_changed") for a shift that cannot be
    copied into that month.
    """
    if actor.community_id is None or not may_plan(actor, actor.community_id):
        raise NotAllowed
    zone = (await session.get_one(Community, actor.community_id)).zone
    month = get_month_ahead(written, zone)
    if not shift_ids:
        raise Refused("copy_month_none")
    await _lock_own(session, actor, shift_ids)
    planned = await find_month(session, actor, month, zone)
    _check_listed(planned, shift_ids)
    made = [await _copy_into(session, actor, each, month, shift_ids) for each in planned]
    return [copied for copied in made if copied]


async def _lock_own(session: AsyncSession, actor: StaffActor, shift_ids: Collection[UUID]) -> None:
    """Hold the activities of the shifts, in one order, if all are the actor's own party's."""
    wanted = select(Shift.activity_id).where(Shift.id.in_(shift_ids))
    found = (await session.scalars(wanted)).all()
    if len(found) < len(set(shift_ids)):
        raise NotFound
    for activity_id in sorted(set(found)):
        activity = await lock_run_activity(session, actor, activity_id)
        if activity.party_id != actor.party_id:
            raise NotAllowed


def _check_listed(planned: Sequence[MonthActivity], shift_ids: Collection[UUID]) -> None:
    """Whether each of the shifts may be copied, or was."""
    fitting = {
        shift.line.shift.id
        for each in planned
        for shift in each.shifts
        if shift.may_copy or shift.why is Why.COPIED
    }
    if not fitting.issuperset(shift_ids):
        raise WrongState("copy_month_changed")


async def _copy_into(
    session: AsyncSession, actor: StaffActor, each: MonthActivity, month: date, shift_ids: Collection[UUID]
) -> Activity | None:
    dates = [
        (shift.line, shift.starts_at)
        for shift in each.shifts
        if shift.may_copy and shift.starts_at and shift.line.shift.id in shift_ids
    ]
    if not dates:
        return None
    key = copy_key(each.activity, month)
    called_off = update(Activity).where(Activity.request_id == key)
    await session.execute(called_off.values(request_id=None))
    return await _copy(session, actor, each.activity, dates, request_id=key)


_COPIED = (
    "kind", "title_zh", "title_en", "words", "where_zh", "where_en", "bring", "contact", "building_id", "qualification",
    "minimum_age", "team_id", "photo_id", "opens_minutes",
    "closes_minutes", "cancel_minutes", "confirm_minutes", "remind_minutes", "warn_days",
)  # fmt: skip


async def _copy(
    session: AsyncSession, actor: StaffActor, old: Activity, dates: Dates, request_id: UUID | None = None
) -> Activity:
    """A draft with everything but the people; each shift as long, and with as many places."""
    values = {name: getattr(old, name) for name in _COPIED}
    copied = make_draft(actor, old.community_id, request_id, **values)
    session.add(copied)
    await session.flush()
    planned = [
        (starts_at, starts_at + line.shift.length, {each.part: each.places for each in line.places})
        for line, starts_at in dates
    ]
    await store_shifts(session, copied, planned)
    note_act(session, actor, copied, "copied")
    await session.flush()
    return copied
