"""When a first answer is due: working minutes on a community's split office hours, in its own zone.

What a resident is promised comes from `due_at()`; `intervals_on()` alone says when the office is open on a date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from community.needs.kinds import Kind
from community.needs.models import Urgency

Hours = Mapping[str, Sequence[Sequence[str]]]
Interval = tuple[datetime, datetime]

CRISIS_MINUTES = 15
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_DAYS = 366  # an office that does not open within a year counts as one without hours

_DAY = timedelta(days=1)


def due_at(kind: Kind, urgency: Urgency, at: datetime, hours: Hours, zone: str) -> datetime:
    """The moment (UTC) by which a need reported `at` gets its first answer.

    Normal and urgent needs count the kind's minutes while the office is open; a crisis counts minutes around the
    clock. Hours without any opening count around the clock too.
    """
    if urgency is Urgency.CRISIS:
        return at.astimezone(UTC) + timedelta(minutes=CRISIS_MINUTES)
    minutes = kind.urgent_minutes if urgency is Urgency.URGENT else kind.answer_minutes
    return add_working_minutes(minutes, at, hours, zone)


def add_working_minutes(minutes: int, at: datetime, hours: Hours, zone: str) -> datetime:
    """The moment (UTC) when so many minutes of open office have passed since `at`."""
    left = timedelta(minutes=minutes)
    for opens, closes in _openings(hours, zone, at):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    return at.astimezone(UTC) + timedelta(minutes=minutes)


def is_open(hours: Hours, zone: str, at: datetime) -> bool:
    """True while the office is open; at the minute of closing it is closed."""
    return next_opening(hours, zone, at) == at


def next_opening(hours: Hours, zone: str, at: datetime) -> datetime | None:
    """The first moment (UTC) from `at` on when the office is open: `at` itself while it is, None when it never is."""
    return next((opens for opens, _ in _openings(hours, zone, at)), None)


def intervals_on(day: date, hours: Hours) -> list[tuple[time, time]]:
    """When the office opens and closes on a date, in local time; the one place that knows what kind of day it is.

    A closing time not after its opening, such as 24:00 or 06:00, belongs to the next day.
    """
    return sorted((_time(opens), _time(closes)) for opens, closes in hours.get(WEEKDAYS[day.weekday()], ()))


def _openings(hours: Hours, zone: str, at: datetime) -> Iterator[Interval]:
    """What is left of each opening from `at` on, in order and without overlaps, for a year at most."""
    free_from = at.astimezone(UTC)
    local = ZoneInfo(zone)
    first = at.astimezone(local).date() - _DAY  # yesterday's opening may reach into today
    for day in (first + _DAY * number for number in range(MOST_DAYS)):
        for opens, closes in (_moments(day, interval, local) for interval in intervals_on(day, hours)):
            if closes > max(opens, free_from):
                yield max(opens, free_from), closes
                free_from = closes


def _moments(day: date, interval: tuple[time, time], local: ZoneInfo) -> Interval:
    opens, closes = interval
    closing_day = day if closes > opens else day + _DAY
    return (
        datetime.combine(day, opens, local).astimezone(UTC),
        datetime.combine(closing_day, closes, local).astimezone(UTC),
    )


def _time(text: str) -> time:
    return time() if text == "24:00" else time.fromisoformat(text)
