"""Reads near days, weekdays and weeks: 昨晚, 上周三, this weekend, lately. For `time_atoms.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from community.facts.time_dates import shift_month, third_of_month
from community.facts.time_models import DAY, Atom, Length, Reader, day_atom
from community.facts.time_words import EN_WEEKDAYS, NEAR_DAYS, PARTS, SHIFTS, WEEKDAYS


def _day(match: re.Match[str], today: date) -> Atom:
    said = match[0].removeprefix("the ")
    first = today + NEAR_DAYS.get(said, 0) * DAY
    part = PARTS["night"] if said in ("last night", "tonight", "2nite") else None
    return Atom("day", *match.span(), days=(first, first + DAY), part=part)


def _recent(match: re.Match[str], _: date) -> Atom:
    said = match[0]
    if said in ("刚才", "刚刚", "方才", "适才", "just now", "right now", "a moment ago", "this minute"):
        return Atom("ago", *match.span(), length=Length(0, "minute"))
    return day_atom(match)


def _weekday_zh(match: re.Match[str], today: date) -> Atom | None:
    index = WEEKDAYS[match["wd"]]
    length = 2 if match["wd"] == "末" else 1
    return _weekday(match, today, index, match["w"], length)


def _weekday_en(match: re.Match[str], today: date) -> Atom | None:
    if match["wd"] in ("sun", "sat", "wed") and match["w"] is None and not _is_weekday(match):
        return None
    index = EN_WEEKDAYS.index(match["wd"][:3])
    if match["w"] in ("last", "past") or match["w"] is None:
        first = today - ((today.weekday() - index) % 7) * DAY
        if match["w"] and first == today:
            first -= 7 * DAY
        return day_atom(match, (first, first + DAY))
    return _weekday(match, today, index, match["w"])


def _is_weekday(match: re.Match[str]) -> bool:
    """ "the sun is hot" has no day in it, "since sun" has."""
    before = match.string[max(0, match.start() - 8) : match.start()]
    return bool(
        re.search(r"(?:on|since|last|this|from|by|until|till|every|and|,)\s$", before)
        or re.match(r"\s(?:morning|afternoon|evening|night)", match.string[match.end() : match.end() + 12])
    )


def _weekday(match: re.Match[str], today: date, index: int, shift: str | None, length: int = 1) -> Atom:
    monday = today - today.weekday() * DAY
    first = monday + index * DAY
    if shift:
        first += SHIFTS[shift] * 7 * DAY
    elif first > today:
        first -= 7 * DAY
    return day_atom(match, (first, first + length * DAY))


def _week(match: re.Match[str], today: date) -> Atom:
    shift, what = match["ws"], match.groupdict().get("what") or "week"
    monday = today - today.weekday() * DAY
    if not shift:
        return day_atom(match, None if "other" in match[0] else _weekend(monday, today))
    steps = SHIFTS[shift]
    if what == "month":
        return day_atom(match, third_of_month(shift_month(today, steps), ""))
    if what == "weekend":
        first = monday + 5 * DAY + 7 * DAY * (steps if today.weekday() < 5 or shift != "last" else -1)
        return day_atom(match, (first, first + 2 * DAY))
    if what == "week":
        first = monday + 7 * DAY * steps
        return day_atom(match, (first, first + 7 * DAY))
    year = today.year + steps
    return day_atom(match, (date(year, 1, 1), date(year + 1, 1, 1)) if what == "year" else None)


def _weekend(monday: date, today: date) -> tuple[date, date]:
    saturday = monday + 5 * DAY
    first = saturday if saturday <= today else saturday - 7 * DAY
    return first, first + 2 * DAY


WEEKS_ZH: Mapping[str, Reader] = {"day": _day, "recent": _recent, "weekday": _weekday_zh, "week": _week}
WEEKS_EN: Mapping[str, Reader] = {"day": _day, "recent": _recent, "weekday": _weekday_en, "week": _week}
