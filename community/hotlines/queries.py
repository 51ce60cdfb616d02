"""Which number to call now: the lines of a community for a danger, of those that answer at this moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.hotlines.founding import NATIONAL, Line
from community.hotlines.models import Danger, Hotline
from community.needs.clocks import WEEKDAYS
from community.places.models import DEFAULT_ZONE, Community, Hours

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line that answers now. `always` says that it does around the clock: only then may an answer say so."""

    number: str
    name: Mapping[str, str]
    always: bool

    def as_json(self) -> dict[str, Any]:
        """The line as a message's value."""
        return {"number": self.number, "name": dict(self.name), "always": self.always}


async def find_hotlines(session: AsyncSession, community_id: UUID) -> Sequence[Hotline]:
    """All lines of a community in their order."""
    wanted = select(Hotline).where(Hotline.community_id == community_id)
    return (await session.scalars(wanted.order_by(Hotline.position, Hotline.number))).all()


async def find_lines_for(
    session: AsyncSession, community_id: UUID | None, danger: Danger, at: datetime
) -> list[OpenLine]:
    """The lines for a danger that answer at `at`, in order.

    Where the community is not known, or has none that answers, the country's own emergency lines; never an empty list.
    """
    zone, lines = DEFAULT_ZONE, list[Line | Hotline](NATIONAL)
    if community_id is not None:
        zone = (await session.get_one(Community, community_id)).zone
        lines = [*await find_hotlines(session, community_id)]
    return _open_for(danger, lines, zone, at) or _open_for(danger, NATIONAL, zone, at)


def is_answered(hours: Hours | None, zone: str, at: datetime) -> bool:
    """Whether somebody answers at `at`, to the minute: a phone line keeps its week, holidays or not."""
    if hours is None:
        return True
    local = at.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    today, yesterday = WEEKDAYS[local.weekday()], WEEKDAYS[local.weekday() - 1]
    return any(
        _covers(span, minute) for span in hours.get(today, ())
    ) or any(  # an evening that reaches into this morning
        _covers(span, minute + MINUTES_A_DAY) for span in hours.get(yesterday, ())
    )


def _open_for(danger: Danger, lines: Sequence[Line | Hotline], zone: str, at: datetime) -> list[OpenLine]:
    return [
        OpenLine(line.number, line.name, line.hours is None)
        for line in lines
        if danger in line.dangers and is_answered(line.hours, zone, at)
    ]


def _covers(span: Sequence[str], minute: int) -> bool:
    opens, closes = (_minute(clock) for clock in span)
    return opens <= minute < (closes if closes > opens else closes + MINUTES_A_DAY)


def _minute(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)
