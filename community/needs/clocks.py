"""Working time on a community's calendar: split office hours in its own zone, public holidays, dates of its own.

What a resident is promised comes from `due_at()`; `intervals_on()` alone says when the office is open on a date.
`community/clocks` runs the clocks of a need on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from community.calendar.china import DayKind, kind_of_day
from community.needs.kinds import Kind
from community.needs.models import Urgency

Hours = Mapping[str, Sequence[Sequence[str]]]
"""Openings by weekday (mon ... sun), and by date (2026-10-03) where one differs from its weekday."""

Interval = tuple[datetime, datetime]

CRISIS_MINUTES = 15
ACCEPT_MINUTES, URGENT_ACCEPT_MINUTES = 120, 30
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_DAYS = 366  # an office that does not open within a year counts as one without hours

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Allowed:
    """How long something may take, in working minutes or around the clock."""

    minutes: int
    around_the_clock: bool = False


def due_at(kind: Kind, urgency: Urgency, at: datetime, hours: Hours, zone: str) -> datetime:
    """The moment (UTC) by which a need reported `at` gets its first answer.

    Normal and urgent needs count the kind's minutes while the office is open; a crisis, and what the kind names as
    urgent around the clock, counts every minute. Hours without any opening count around the clock too.
    """
    return add_time(answer_time(kind, urgency), at, hours, zone)


def solution_due_at(kind: Kind, urgency: Urgency, at: datetime, hours: Hours, zone: str) -> datetime:
    """The moment (UTC) by which it is solved, counted like the first answer."""
    return add_time(solution_time(kind, urgency), at, hours, zone)


def answer_time(kind: Kind, urgency: Urgency) -> Allowed:
    """How long the first answer may take."""
    if urgency is Urgency.CRISIS:
        return Allowed(CRISIS_MINUTES, around_the_clock=True)
    minutes = kind.urgent_minutes if urgency is Urgency.URGENT else kind.answer_minutes
    return Allowed(minutes, _runs_always(kind, urgency))


def solution_time(kind: Kind, urgency: Urgency) -> Allowed:
    """How long the solution may take."""
    soon = urgency is not Urgency.NORMAL
    return Allowed(
        kind.urgent_solution_minutes if soon else kind.solution_minutes, _runs_always(kind, urgency)
    )


def accept_time(kind: Kind, urgency: Urgency) -> Allowed:
    """How long a party may take to accept or decline."""
    if urgency is Urgency.CRISIS:
        return Allowed(CRISIS_MINUTES, around_the_clock=True)
    minutes = URGENT_ACCEPT_MINUTES if urgency is Urgency.URGENT else ACCEPT_MINUTES
    return Allowed(minutes, _runs_always(kind, urgency))


def add_time(allowed: Allowed, at: datetime, hours: Hours, zone: str) -> datetime:
    """The moment (UTC) when an allowed time has passed since `at`."""
    if allowed.around_the_clock:
        return at.astimezone(UTC) + timedelta(minutes=allowed.minutes)
    return add_working_minutes(allowed.minutes, at, hours, zone)


def add_working_minutes(minutes: float, at: datetime, hours: Hours, zone: str) -> datetime:
    """The moment (UTC) when so many minutes of open office have passed since `at`."""
    left = timedelta(minutes=minutes)
    for opens, closes in _openings(hours, zone, at):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    return at.astimezone(UTC) + timedelta(minutes=minutes)


def working_time_between(begin: datetime, end: datetime, hours: Hours, zone: str) -> timedelta:
    """How long the office was open from `begin` to `end`, which lie less than a year apart; all of it without hours."""
    if end <= begin:
        return timedelta()
    if next_opening(hours, zone, begin) is None:
        return end - begin
    total = timedelta()
    for opens, closes in _openings(hours, zone, begin):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total


def is_open(hours: Hours, zone: str, at: datetime) -> bool:
    """True while the office is open; at the minute of closing it is closed."""
    return next_opening(hours, zone, at) == at


def next_opening(hours: Hours, zone: str, at: datetime) -> datetime | None:
    """The first moment (UTC) from `at` on when the office is open: `at` itself while it is, None when it never is."""
    return next((opens for opens, _ in _openings(hours, zone, at)), None)


def intervals_on(day: date, hours: Hours) -> list[tuple[time, time]]:
    """When the office opens and closes on a date, in local time; the one place that knows what kind of day it is.

    A date that the hours name is as they say; a public holiday is closed; a weekend day that is worked for one has
    the hours of that weekday where the office has some, else those of the first open day of the week. A closing time
    not after its opening, such as 24:00 or 06:00, belongs to the next day.
    """
    return sorted((_time(opens), _time(closes)) for opens, closes in _openings_of(day, hours))


def _openings_of(day: date, hours: Hours) -> Sequence[Sequence[str]]:
    if (own := hours.get(day.isoformat())) is not None:
        return own
    kind, usual = kind_of_day(day), hours.get(WEEKDAYS[day.weekday()], ())
    if kind is DayKind.HOLIDAY:
        return ()
    if kind is DayKind.MADE_UP and not usual:
        return next((hours[name] for name in WEEKDAYS if hours.get(name)), ())
    return usual


def _runs_always(kind: Kind, urgency: Urgency) -> bool:
    return urgency is not Urgency.NORMAL and (kind.urgent_around_the_clock or urgency is Urgency.CRISIS)


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
