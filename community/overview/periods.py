"""The time that figures are about: a week, a month, a quarter, a year, or from one day to another of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LONGEST = timedelta(days=5 * 366)
BY_DAY, BY_WEEK = timedelta(days=16), timedelta(days=200)


class Span(StrEnum):
    """How long a period is."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of `first` until the end of `last`, both days of the zone."""

    span: Span
    first: date
    last: date
    zone: str

    @property
    def since(self) -> datetime:
        """The first moment, in UTC."""
        return midnight(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """The first moment that is not in it any more, in UTC."""
        return midnight(self.last + timedelta(days=1), self.zone)

    @property
    def step(self) -> str:
        """In which steps it is shown: day, week or month, as PostgreSQL names them."""
        long = self.last - self.first
        return "day" if long < BY_DAY else "week" if long < BY_WEEK else "month"

    @property
    def values(self) -> dict[str, object]:
        """What every query of a period is given."""
        return {"since": self.since, "until": self.until, "zone": self.zone, "step": self.step}

    def beside(self, steps: int) -> Period:
        """The period of the same length before (-1) or after (1) this one."""
        if self.span is Span.OWN:
            long = (self.last - self.first + timedelta(days=1)) * steps
            return Period(Span.OWN, self.first + long, self.last + long, self.zone)
        other = self.first - timedelta(days=1) if steps < 0 else self.last + timedelta(days=1)
        return period_around(self.span, other, self.zone)


def period_around(span: Span, day: date, zone: str) -> Period:
    """The week, month, quarter or year in which a day lies."""
    if span is Span.WEEK:
        first = day - timedelta(days=day.weekday())
        return Period(span, first, first + timedelta(days=6), zone)
    months = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}[span]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    after = date(first.year + (first.month + months > 12), (first.month + months - 1) % 12 + 1, 1)
    return Period(span, first, after - timedelta(days=1), zone)


def own_period(first: date, last: date, zone: str) -> Period:
    """From one day to another, whichever is named first; at most five years."""
    first, last = min(first, last), max(first, last)
    return Period(Span.OWN, max(first, last - LONGEST), last, zone)


def midnight(day: date, zone: str) -> datetime:
    """The beginning of a day, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
