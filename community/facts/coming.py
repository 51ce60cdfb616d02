"""When something is to be: words of time in a wish, "周六", "下周三上午", "十一月三号", "this Sunday", read ahead.

A report tells of what was, a wish of what will be: `times.py` reads the words as a report has them, and what lies
behind is moved on here by the step in which it comes again. What is said to be past ("上周六") is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from community.facts.finding import find_facts
from community.facts.models import Span, TimeFact, TimeKind

_DAY = timedelta(days=1)
_PAST = re.compile(
    r"上+(?:个)?(?:周|星期|礼拜|月)|昨|前天|前日|去年|之前|以前|刚才|\b(?:last|ago|yesterday|past|since)\b",
    re.IGNORECASE,
)
_WEEKLY = re.compile(r"周|週|星期|礼拜|禮拜|\b(?:mon|tue|wed|thu|fri|sat|sun|weekend)", re.IGNORECASE)
_WEEK_NAMED = re.compile(r"[这本下]个?(?:周|星期|礼拜)|\b(?:this|next)\b", re.IGNORECASE)
_YEARLY = re.compile(
    r"[0-9一二三四五六七八九十]月|国庆|五一|元旦|圣诞|劳动节|[0-9]/[0-9]"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|christmas|halloween)",
    re.IGNORECASE,
)
_MONTHLY = re.compile(
    r"[0-9一二三四五六七八九十]+[号日]|\b(?:the )?[0-9]{1,2}(?:st|nd|rd|th)\b", re.IGNORECASE
)
_TODAY = re.compile(r"今|当天|today|tonight", re.IGNORECASE)
_MOST_STEPS = 14


@dataclass(frozen=True, slots=True)
class Coming:
    """From when to when a wish is meant; the end is no part of it."""

    span: Span
    words: str
    start: datetime
    end: datetime


def find_coming(text: str, moment: datetime, zone: ZoneInfo | str) -> tuple[Coming, ...]:
    """The times ahead that a text names, as said at `moment` (aware) in `zone`; a day without a clock is all of it."""
    here = moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    facts = find_facts(text, moment, zone).times
    return tuple(coming for fact in facts if (coming := _ahead(fact, here)) is not None)


def _ahead(fact: TimeFact, here: datetime) -> Coming | None:
    if fact.kind is not TimeKind.AT or fact.start is None or _PAST.search(fact.words):
        return None
    start, end = fact.start, fact.end or fact.start + _DAY
    if end <= start:
        end = start + timedelta(hours=1)
    for _ in range(_MOST_STEPS):
        if end > here:
            return Coming(fact.span, fact.words, start, end)
        start, end = _next(fact.words, start), _next(fact.words, end)
    return None


def _next(words: str, at: datetime) -> datetime:
    """The same words once more: a week, a year, a month or a day on."""
    if _WEEK_NAMED.search(words) or _WEEKLY.search(words):
        return at + 7 * _DAY
    if _YEARLY.search(words):
        return _on(at, at.year + 1, at.month)
    if _MONTHLY.search(words):
        return _on(at, at.year + at.month // 12, at.month % 12 + 1)
    return at + _DAY


def _on(at: datetime, year: int, month: int) -> datetime:
    """The same day and clock in another month; the last day where that one is shorter."""
    for day in range(at.day, 27, -1):
        try:
            return at.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    return at.replace(year=year, month=month)
