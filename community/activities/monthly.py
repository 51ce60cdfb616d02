"""Last month's plan laid over another month: every shift of one's own party with its new date, or why not.

Before: months.py. Next: usecases/copying.py, which makes drafts of what staff ticked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity, ActivityState
from community.activities.months import find_nth, moments_of, month_before, week_of
from community.activities.queries import ShiftLine, find_planned_by
from community.actors import StaffActor
from community.clock import now

FIRST_FOUR = {1, 2, 3, 4}


class Why(StrEnum):
    """Why a shift is not ticked at first; what is in FINAL cannot be ticked at all."""

    COPIED = "copied"
    NO_DAY = "no_day"
    PAST = "past"
    CANCELLED = "cancelled"
    UNPUBLISHED = "unpublished"
    REACHES = "reaches"
    THERE = "there"


FINAL = frozenset({Why.COPIED, Why.NO_DAY, Why.PAST})


@dataclass(frozen=True, slots=True)
class MonthShift:
    """A shift of last month as it would be: `starts_at` is None where the month has no such day."""

    line: ShiftLine
    day: date
    starts_at: datetime | None
    why: Why | None

    @property
    def may_copy(self) -> bool:
        """Whether it may be ticked."""
        return self.why not in FINAL


@dataclass(frozen=True, slots=True)
class MonthActivity:
    """An activity with its shifts of last month, and the copy that there is already, None without one."""

    activity: Activity
    shifts: Sequence[MonthShift]
    copy: Activity | None

    def find_fifths(self, month: date) -> list[date]:
        """The fifth days of the month, of weekdays on which it was just on the four others."""
        weeks: dict[int, set[int]] = {}
        for shift in self.shifts:
            weeks.setdefault(shift.day.weekday(), set()).add(week_of(shift.day))
        fifths = [find_nth(month, weekday, 5) for weekday, held in weeks.items() if held == FIRST_FOUR]
        return sorted(day for day in fifths if day is not None)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the month has already: copies by their key, activities with shifts in it, and their titles with times."""

    copies: Mapping[UUID, Activity]
    reaching: frozenset[UUID]
    standing: frozenset[tuple[str, datetime]]


def copy_key(activity: Activity, month: date) -> UUID:
    """What the copy of an activity for a month carries, so that there is only one."""
    return uuid5(activity.id, f"copy:{month:%Y-%m}")


async def find_month(session: AsyncSession, actor: StaffActor, month: date, zone: str) -> list[MonthActivity]:
    """The activities of the actor's own party in the month before `month`, the first shift first.

    Of shifts at one time of an activity the one that stands is there.
    """
    lines = await find_planned_by(session, actor, *moments_of(month_before(month), zone))
    activities = {line.activity.id: line.activity for line in lines}
    known = await _find_known(session, actor, activities.values(), month, zone)
    return [
        MonthActivity(
            activity,
            _lay([line for line in lines if line.activity is activity], known, month, zone),
            known.copies.get(copy_key(activity, month)),
        )
        for activity in activities.values()
    ]


def _lay(lines: Sequence[ShiftLine], known: _Known, month: date, zone: str) -> list[MonthShift]:
    """The shifts of one activity in the month; of two at one time the one that stands."""
    at_once: dict[datetime, ShiftLine] = {}
    for line in lines:
        there = line.shift.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        if there not in at_once or line.shift.cancelled_at is None:
            at_once[there] = line
    return [_lay_one(line, at, known, month, zone) for at, line in at_once.items()]


def _lay_one(line: ShiftLine, at: datetime, known: _Known, month: date, zone: str) -> MonthShift:
    """The same hour on the clock there, on the same weekday of the same week."""
    day = find_nth(month, at.weekday(), week_of(at.date()))
    starts_at = datetime.combine(day, at.time(), ZoneInfo(zone)).astimezone(UTC) if day else None
    return MonthShift(line, at.date(), starts_at, _why(line, starts_at, known, month))


def _why(line: ShiftLine, starts_at: datetime | None, known: _Known, month: date) -> Why | None:
    activity = line.activity
    if copy_key(activity, month) in known.copies:
        return Why.COPIED
    if starts_at is None:
        return Why.NO_DAY
    if starts_at <= now():
        return Why.PAST
    is_off = line.shift.cancelled_at is not None or activity.state is ActivityState.CANCELLED
    soft = {
        Why.CANCELLED: is_off,
        Why.UNPUBLISHED: activity.state is ActivityState.DRAFT and line.shift.starts_at <= now(),
        Why.REACHES: activity.id in known.reaching,
        Why.THERE: (activity.title_zh, starts_at) in known.standing,
    }
    return next((why for why, holds in soft.items() if holds), None)


async def _find_known(
    session: AsyncSession, actor: StaffActor, activities: Collection[Activity], month: date, zone: str
) -> _Known:
    keys = [copy_key(activity, month) for activity in activities]
    stands = Activity.state != ActivityState.CANCELLED
    copies = await session.scalars(select(Activity).where(Activity.request_id.in_(keys), stands))
    since, until = moments_of(month, zone)
    planned = [
        line
        for line in await find_planned_by(session, actor, since, until)
        if line.shift.cancelled_at is None and line.activity.state is not ActivityState.CANCELLED
    ]
    return _Known(
        {copy.request_id: copy for copy in copies if copy.request_id},
        frozenset(line.activity.id for line in planned),
        frozenset((line.activity.title_zh, line.shift.starts_at) for line in planned),
    )
