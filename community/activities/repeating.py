"""Dates that repeat, as an RFC 5545 rule: every week or two, or the same weekday of each month, until a day.

Rules count in the community's own time, so that 9:00 stays 9:00. Read again by iCal feeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_day_names
from dateutil.rrule import rrulestr

MOST_SHIFTS = 60
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Every(StrEnum):
    """How often."""

    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    MONTH = "month"


def make_rule(every: Every, first: date, until: date) -> str:
    """The rule that repeats the weekday of `first` up to and including `until`."""
    end = f"UNTIL={until:%Y%m%d}T235959"
    day = _DAYS[first.weekday()]
    if every is Every.MONTH:
        return f"FREQ=MONTHLY;BYDAY={(first.day - 1) // 7 + 1}{day};{end}"
    interval = ";INTERVAL=2" if every is Every.TWO_WEEKS else ""
    return f"FREQ=WEEKLY{interval};BYDAY={day};{end}"


def dates_of(rule: str | None, first: datetime, zone: str) -> Sequence[datetime]:
    """The beginnings that a rule gives, `first` among them, at most 60; `first` alone without a rule."""
    if rule is None:
        return [first]
    local = first.astimezone(ZoneInfo(zone))
    found = islice(rrulestr(rule, dtstart=local.replace(tzinfo=None)), MOST_SHIFTS)
    return [each.replace(tzinfo=ZoneInfo(zone)).astimezone(first.tzinfo) for each in found]


def say_rule(rule: str, language: str) -> str:
    """The rule in words: 每周六，到12月26日; every Saturday until 26 Dec."""
    parts = _parts(rule)
    day = parts["BYDAY"]
    weekday = get_day_names("abbreviated" if language == "zh" else "wide", locale=language)[
        _DAYS.index(day[-2:])
    ]
    until = datetime.strptime(parts["UNTIL"][:8], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    last = format_date(until, "M月d日" if language == "zh" else "d MMM", locale=language)
    if language == "zh":
        often = _often_zh(parts, weekday)
        return f"{often}，到{last}"
    return f"{_often_en(parts, weekday)} until {last}"


def _often_zh(parts: Mapping[str, str], weekday: str) -> str:
    if parts["FREQ"] == "MONTHLY":
        return f"每月第{'一二三四五'[int(parts['BYDAY'][0]) - 1]}个{weekday}"
    return f"每两周一次，{weekday}" if "INTERVAL" in parts else f"每{weekday}"


def _often_en(parts: Mapping[str, str], weekday: str) -> str:
    if parts["FREQ"] == "MONTHLY":
        return (
            f"the {('1st', '2nd', '3rd', '4th', '5th')[int(parts['BYDAY'][0]) - 1]} {weekday} of each month"
        )
    return f"every second {weekday}" if "INTERVAL" in parts else f"every {weekday}"


def _parts(rule: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in rule.split(";"))
