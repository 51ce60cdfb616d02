"""Reading a community's calendar: the dates ahead that differ from their weekday, and who changed what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.calendar.china import DayKind, kind_of_day, knows_year, name_holiday
from community.calendar.models import CalendarChange
from community.needs.clocks import intervals_on
from community.parties.models import Staff
from community.places.models import Community

AHEAD = timedelta(days=190)
WARN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date that differs from its weekday: by the state's calendar, or (`own`) as the community set it."""

    day: date
    kind: DayKind
    name: Mapping[str, str] | None
    openings: Sequence[tuple[time, time]]
    own: bool


def find_special_days(community: Community, today: date, ahead: timedelta = AHEAD) -> list[SpecialDay]:
    """The special dates from today on, in order."""
    days = (today + timedelta(days=number) for number in range(ahead.days))
    return [
        SpecialDay(day, kind, name_holiday(day), intervals_on(day, community.office_hours), own)
        for day in days
        for kind, own in [(kind_of_day(day), day.isoformat() in community.office_hours)]
        if own or kind is not DayKind.USUAL
    ]


def find_unknown_year(today: date) -> int | None:
    """The first year from today to two months ahead whose holidays are not known; None where all are."""
    return next((day.year for day in (today, today + WARN) if not knows_year(day.year)), None)


async def find_changes(
    session: AsyncSession, community_id: UUID, most: int = 30
) -> Sequence[tuple[CalendarChange, str | None]]:
    """The latest changes with the names of who made them, the newest first."""
    wanted = (
        select(CalendarChange, Staff.name)
        .outerjoin(Staff, Staff.id == CalendarChange.staff_id)
        .where(CalendarChange.community_id == community_id)
        .order_by(CalendarChange.id.desc())
        .limit(most)
    )
    return [(change, name) for change, name in await session.execute(wanted)]
