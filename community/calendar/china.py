"""What the State Council's calendar says of a date: a public holiday, a weekend day that is worked, or neither.

The days come from `chinese-calendar`, which knows a year once it was announced; a year that it does not know has
weekends only, and the console says so.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import lru_cache

import chinese_calendar
from chinese_calendar.constants import Holiday


class DayKind(StrEnum):
    """How a date differs from its weekday."""

    USUAL = "usual"
    HOLIDAY = "holiday"
    MADE_UP = "made_up"


@lru_cache(maxsize=4096)
def kind_of_day(day: date) -> DayKind:
    """HOLIDAY for each day of a public holiday, its weekend too; MADE_UP for a weekend day that is worked for it.

    Kept, as the library looks through all its years for each date: a promise counts many days, and a need has several.
    """
    if not knows_year(day.year):
        return DayKind.USUAL
    off, name = chinese_calendar.get_holiday_detail(day)
    if name is None:
        return DayKind.USUAL
    return DayKind.HOLIDAY if off else DayKind.MADE_UP


def name_holiday(day: date) -> dict[str, str] | None:
    """The holiday to which a date belongs, or for which it is worked, in both languages."""
    if not knows_year(day.year):
        return None
    _, name = chinese_calendar.get_holiday_detail(day)
    return {"zh": Holiday(name).chinese, "en": name} if name is not None else None


def knows_year(year: int) -> bool:
    """Whether the holidays of a year are known."""
    return FIRST_YEAR <= year <= LAST_YEAR


FIRST_YEAR: int = min(chinese_calendar.holidays).year
LAST_YEAR: int = max(chinese_calendar.holidays).year
