"""Reads dates, months and holidays: 2026-11-03, 上个月底, the 5th of next month. For `time_atoms.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from community.facts.numbers import int_of
from community.facts.time_models import DAY, Atom, Reader, day_atom
from community.facts.time_words import EN_THIRDS, HOLIDAYS, MONTHS, SHIFTS

AHEAD = timedelta(days=60)  # a date further ahead than this was last year's


def _iso(match: re.Match[str], _: date) -> Atom | None:
    year, month, day = (int(number) for number in re.findall("[0-9]+", match[0])[:3])
    return _dated(match, _date(year, month, day))


def _slash(match: re.Match[str], today: date) -> Atom | None:
    one, other = int(match["sm"]), int(match["sd"])
    month, day = (other, one) if one > 12 else (one, other)
    return _dated(match, _nearest(month, day, today)) if 1 <= month <= 12 else None


def _point(match: re.Match[str], today: date) -> Atom | None:
    return _dated(match, _nearest(int(match["pm"]), int(match["pd"]), today))


def _month_zh(match: re.Match[str], today: date) -> Atom | None:
    month, year = int_of(match["m"]), _year_of(match["year"], today)
    day = int_of(match["d"]) if match["d"] else 0
    if not match["d"] and not match["third"] and not match["year"] and _is_duration(match):
        return None
    first = _date(year, month, day or 1) if year else _nearest(month, day or 1, today)
    if day:
        return _dated(match, first)
    return day_atom(match, third_of_month(first, match["third"] or ""))


def _is_duration(match: re.Match[str]) -> bool:
    """三月 is March; 月 alone after a number and 个 is a duration and does not come here."""
    return match[0][-1] == "月" and match.string[match.end() : match.end() + 1] in (
        "租",
        "费",
        "薪",
        "票",
        "卡",
    )


def _month_en(match: re.Match[str], today: date) -> Atom | None:
    said = match["m1"] or match["m2"] or match["m3"]
    month = MONTHS.index(said[:3]) + 1
    year = match["y"] or match["y3"]
    day = int(match["d1"] or match["d2"] or 0)
    first = _date(int(year), month, day or 1) if year else _nearest(month, day or 1, today)
    return _dated(match, first) if day else day_atom(match, third_of_month(first, ""))


def _this_month(match: re.Match[str], today: date) -> Atom | None:
    first = shift_month(today, SHIFTS[match["ms"] or ""])
    if match["md"]:
        return _dated(match, _date(first.year, first.month, int_of(match["md"])))
    return day_atom(match, third_of_month(first, match["mt"] or match["mt2"] or ""))


def _nth_of_month(match: re.Match[str], today: date) -> Atom | None:
    """The 5th of next month; next month on the 5th."""
    first = shift_month(today, SHIFTS.get(match["nm"] or match["nm2"], 0))
    return _dated(match, _date(first.year, first.month, int(match["nd"] or match["nd2"])))


def _month_part(match: re.Match[str], today: date) -> Atom:
    """The end of this month, mid next month."""
    first = shift_month(today, SHIFTS.get(match["mpm"] or match["mpm2"] or "", 0))
    return day_atom(match, third_of_month(first, EN_THIRDS[match["mp"] or match["mp2"] or "end"]))


def _of_the_month(match: re.Match[str], today: date) -> Atom | None:
    day = int_of(match["dd"])
    found = _date(today.year, today.month, day)
    if found is None or found > today + 7 * DAY:
        months = (shift_month(today, -back) for back in (1, 2))  # of two months one has a 31st
        found = next(filter(None, (_date(month.year, month.month, day) for month in months)), None)
    return _dated(match, found)


def _yearly(match: re.Match[str], today: date) -> Atom:
    said = match[0]
    year = int(said[:4]) if said[0] == "2" else today.year + {"去": -1, "今": 0, "前": -2, "明": 1}[said[0]]
    season = (match["season"] or "").removeprefix("年")
    if season in ("初", "底"):
        first = (
            (date(year, 1, 1), date(year, 3, 1))
            if season == "初"
            else (date(year, 11, 1), date(year + 1, 1, 1))
        )
        return day_atom(match, first)
    return day_atom(match, None if season else (date(year, 1, 1), date(year + 1, 1, 1)))


def _holiday(match: re.Match[str], today: date) -> Atom:
    for name, (month, first, last) in HOLIDAYS.items():
        if match[0].startswith(name):
            start = _nearest(month, first, today)
            return day_atom(match, (start, start + (last - first) * DAY) if start else None)
    return day_atom(match)


def _dated(match: re.Match[str], first: date | None) -> Atom | None:
    return day_atom(match, (first, first + DAY)) if first else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(month: int, day: int, today: date) -> date | None:
    """This year's, or last year's where this year's is still far ahead."""
    found = _date(today.year, month, day)
    if found and found > today + AHEAD:
        return _date(today.year - 1, month, day)
    return found


def _year_of(said: str | None, today: date) -> int | None:
    if not said:
        return None
    return int(said) if said.isdigit() else today.year + {"前": -2, "去": -1, "今": 0, "明": 1}[said]


def third_of_month(first: date | None, third: str) -> tuple[date, date] | None:
    """A month, or its beginning, middle or end."""
    if first is None:
        return None
    end = (first.replace(day=28) + 4 * DAY).replace(day=1)
    if third[:1] in ("初", "上"):
        return first, first + 10 * DAY
    if third.startswith("中"):
        return first + 9 * DAY, first + 20 * DAY
    return (first + 20 * DAY, end) if third[:1] in ("底", "下", "末", "尾") else (first, end)


def shift_month(today: date, steps: int) -> date:
    """The first day of the month so many steps on or back."""
    months = today.year * 12 + today.month - 1 + steps
    return date(months // 12, months % 12 + 1, 1)


DATES_ZH: Mapping[str, Reader] = {
    "iso": _iso, "slash": _slash, "point": _point, "month": _month_zh, "this_month": _this_month,
    "date": _of_the_month,
    "yearly": _yearly, "holiday": _holiday, "lunar": _holiday,
}  # fmt: skip
DATES_EN: Mapping[str, Reader] = {
    "iso": _iso, "slash": _slash, "month": _month_en, "nth_of_month": _nth_of_month, "month_part": _month_part,
    "date": _of_the_month, "holiday": _holiday,
}  # fmt: skip
