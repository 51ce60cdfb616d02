"""Quiet hours: what can wait is not sent while people sleep, 21:30 to 8:00 in the community's zone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

BEGINS, ENDS = time(21, 30), time(8)
_DAY = timedelta(days=1)


def is_quiet(at: datetime, zone: str) -> bool:
    """Whether people sleep then."""
    clock = at.astimezone(ZoneInfo(zone)).time()
    return clock >= BEGINS or clock < ENDS


def after_quiet(at: datetime, zone: str) -> datetime:
    """The moment itself, or the next morning: for what may come later."""
    local = at.astimezone(ZoneInfo(zone))
    if not is_quiet(at, zone):
        return at
    day = local.date() if local.time() < ENDS else local.date() + _DAY
    return datetime.combine(day, ENDS, local.tzinfo).astimezone(at.tzinfo)


def before_quiet(at: datetime, zone: str) -> datetime:
    """The moment itself, or the evening before: for what would be of no use later."""
    local = at.astimezone(ZoneInfo(zone))
    if not is_quiet(at, zone):
        return at
    day = local.date() if local.time() >= BEGINS else local.date() - _DAY
    return datetime.combine(day, BEGINS, local.tzinfo).astimezone(at.tzinfo)
