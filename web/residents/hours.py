"""Office hours as people say them: days in a row with equal hours are one line, and whether somebody is there now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from community.needs.clocks import WEEKDAYS, is_open
from community.places.models import Community, Hours
from web.words import Translate


@dataclass(frozen=True, slots=True)
class OpenDays:
    """One line: 周一至周五, and 8:30–12:00 with 14:00–17:30."""

    days: str
    spans: tuple[str, ...]


def tell_hours(hours: Hours, t: Translate) -> list[OpenDays]:
    """The lines of a week; days without hours are left out."""
    lines = []
    for spans, days in groupby(WEEKDAYS, key=lambda day: _spans(hours, day)):
        if spans:
            lines.append(OpenDays(_days(list(days), t), spans))
    return lines


def is_open_now(community: Community, at: datetime) -> bool | None:
    """Whether the office is open at `at`; None where no hours are known."""
    return (
        is_open(community.office_hours, community.zone, at) if any(community.office_hours.values()) else None
    )


def _spans(hours: Hours, day: str) -> tuple[str, ...]:
    return tuple(f"{_short(opens)}–{_short(closes)}" for opens, closes in hours.get(day, ()))


def _short(clock: str) -> str:
    return clock.removeprefix("0")


def _days(days: list[str], t: Translate) -> str:
    first, last = t(f"m.day_{days[0]}"), t(f"m.day_{days[-1]}")
    return first if len(days) == 1 else t("m.days", first=first, last=last)
