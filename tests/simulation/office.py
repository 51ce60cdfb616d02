"""The office's hours of the quarter once more, as a plain list of openings: written down, not taken from the code.

National Day and Mid-Autumn 2025: closed from 1 to 8 October, worked on Sunday 28 September and Saturday 11 October.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
CLOSED = {date(2025, 10, day) for day in range(1, 9)} | {date(2026, 1, day) for day in range(1, 4)}
WORKED = {date(2025, 9, 28), date(2025, 10, 11), date(2026, 1, 4)}
HALVES = ((time(8, 30), time(12)), (time(14), time(17, 30)))

Span = tuple[datetime, datetime]


def _openings() -> list[Span]:
    days = [date(2025, 8, 25) + timedelta(days=number) for number in range(200)]
    open_days = [day for day in days if day in WORKED or (day.weekday() < 5 and day not in CLOSED)]
    return [
        (
            datetime.combine(day, opens, ZONE).astimezone(UTC),
            datetime.combine(day, closes, ZONE).astimezone(UTC),
        )
        for day in open_days
        for opens, closes in HALVES
    ]


OPENINGS = _openings()
_STARTS = [opens for opens, _ in OPENINGS]
_SECONDS = [0.0, *accumulate((closes - opens).total_seconds() for opens, closes in OPENINGS)]


def worked_until(moment: datetime) -> float:
    """Seconds that the office was open before a moment, counted from the list's beginning."""
    place = bisect_right(_STARTS, moment) - 1
    if place < 0:
        return 0.0
    opens, closes = OPENINGS[place]
    return _SECONDS[place] + (min(moment, closes) - opens).total_seconds()


def moment_when_worked(seconds: float) -> datetime:
    """The moment when so many seconds have been worked, the earliest one."""
    place = bisect_left(_SECONDS, seconds, lo=1) - 1
    return OPENINGS[place][0] + timedelta(seconds=seconds - _SECONDS[place])


def moment_after(spans: Sequence[Span], seconds: float, *, around_the_clock: bool) -> datetime:
    """When a clock that ran in these spans has used so many seconds; its last span is taken as open-ended."""
    left = seconds
    for number, (begin, end) in enumerate(spans):
        last = number == len(spans) - 1
        used = (end - begin).total_seconds() if around_the_clock else worked_until(end) - worked_until(begin)
        if last or used >= left:
            if around_the_clock:
                return begin + timedelta(seconds=left)
            return moment_when_worked(worked_until(begin) + left) if left else begin
        left -= used
    raise ValueError("a clock that never ran")


def next_opening(moment: datetime) -> datetime:
    """The moment itself while the office is open, else when it opens next."""
    place = bisect_right(_STARTS, moment) - 1
    if place >= 0 and moment < OPENINGS[place][1]:
        return moment
    return OPENINGS[place + 1][0]
