"""A day of an address or a form. What is out of reach is none: it has no day before or after it, or no time in UTC."""

from __future__ import annotations

from datetime import date

EARLIEST, LATEST = date(2000, 1, 1), date(2200, 12, 31)


def read_day(text: str) -> date | None:
    """The day that is written as 2026-03-02; None where that is none, or one that nobody can mean."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if in_reach(day) else None


def in_reach(day: date) -> bool:
    """Whether somebody can mean this day."""
    return EARLIEST <= day <= LATEST
