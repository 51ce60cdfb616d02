"""What a word of time can be: an atom with a day, a part of the day, a clock or a length. Filled by `time_atoms.py`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time on the clock; `half` is "am" or "pm" where it was said, `edge` "after" or "before"."""

    hour: int
    minute: int = 0
    loose: bool = False
    half: str = ""
    edge: str = ""


@dataclass(frozen=True, slots=True)
class Length:
    """How long: an amount of minutes, hours, days, weeks, months or years."""

    amount: float
    unit: str

    def before(self, moment: datetime) -> datetime:
        """The moment so long before another."""
        steps = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 30.44, "year": 365.25}
        return moment - timedelta(days=min(self.amount * steps[self.unit], 36_500))


@dataclass(frozen=True, slots=True)
class Atom:
    """A word of time at its place: `what` is day, part, clock, ago, dur or every; the fitting value is set."""

    what: str
    start: int
    end: int
    days: tuple[date, date] | None = None
    part: tuple[int, int] | None = None
    clock: Clock | None = None
    until: Clock | None = None
    length: Length | None = None


Reader = Callable[[re.Match[str], date], Atom | None]


def day_atom(match: re.Match[str], days: tuple[date, date] | None = None) -> Atom:
    """The atom of a day, or of several from the first to the one after the last."""
    return Atom("day", *match.span(), days=days)
