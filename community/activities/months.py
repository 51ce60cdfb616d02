"""Months of a calendar, and which day of one answers to a day of another: the same weekday of the same week.

Next: monthly.py, which lays the shifts of one month over the next.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from community.clock import now
from community.errors import Refused

MOST_AHEAD = timedelta(days=366)
_WRITTEN = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


def this_month(zone: str) -> date:
    """The first day of the month that it is there."""
    return now().astimezone(ZoneInfo(zone)).date().replace(day=1)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return (month - timedelta(days=1)).replace(day=1)


def month_after(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def is_ahead(month: date, zone: str) -> bool:
    """Whether it is this month there, or one of the year ahead."""
    this = this_month(zone)
    return this <= month <= this + MOST_AHEAD


def get_month_ahead(written: str, zone: str) -> date:
    """The first day of a month that is written as 2026-03 and lies ahead.

    Raises Refused("copy_month_when") for another, and for what is no month.
    """
    month = date.fromisoformat(f"{written}-01") if _WRITTEN.fullmatch(written) else None
    if month is None or not is_ahead(month, zone):
        raise Refused("copy_month_when")
    return month


def moments_of(month: date, zone: str) -> tuple[datetime, datetime]:
    """The first moment of a month in a zone, and the first after it."""
    there = ZoneInfo(zone)
    return datetime.combine(month, time(), there), datetime.combine(month_after(month), time(), there)


def week_of(day: date) -> int:
    """The how-manieth of its weekday a day is in its month: 1 to 5."""
    return (day.day - 1) // 7 + 1


def find_nth(month: date, weekday: int, week: int) -> date | None:
    """The first to fifth of a weekday (Monday is 0) in a month; None where it has no fifth."""
    first = month + timedelta(days=(weekday - month.weekday()) % 7)
    found = first + timedelta(weeks=week - 1)
    return found if found.month == month.month else None
