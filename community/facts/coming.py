"""When something is to be: words of time in a wish, "周六", "下周三上午", "十一月三号", "this Sunday", read ahead.

A report tells of what was, a wish of what will be: `times.py` reads the words as a report has them, and what lies
behind is moved on here by the step in which it comes again; today stays today. What is said to be past ("上周六"), or
counted from today ("两周后的周六"), is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from community.facts.finding import find_facts
from community.facts.models import Span, TimeFact, TimeKind
from community.facts.time_words import ANY_MONTH, ANY_WEEKDAY

_DAY = timedelta(days=1)
_PAST = re.compile(
    r"上+(?:个)?(?:周|星期|礼拜|月)|昨|前天|前日|去年|之前|以前|刚才|\b(?:last|ago|yesterday|past|since)\b",
    re.IGNORECASE,
)
_WEEKLY = re.compile(rf"周|週|星期|礼拜|禮拜|\b(?:{ANY_WEEKDAY}|weekend)", re.IGNORECASE)
_WEEK_NAMED = re.compile(r"[这本下]个?(?:周|星期|礼拜)|\b(?:this|next)\b", re.IGNORECASE)
_YEARLY = re.compile(
    r"[0-9一二三四五六七八九十]月|国庆|五一|元旦|圣诞|劳动节|[0-9][/.][0-9]"
    rf"|\b(?:{ANY_MONTH}|christmas|halloween)",
    re.IGNORECASE,
)
_MONTHLY = re.compile(
    r"[0-9一二三四五六七八九十]+[号日]|月[初中底末尾]|[上中下]旬|\b(?:the )?[0-9]{1,2}(?:st|nd|rd|th)\b"
    r"|\bof the month|\bmid.month|month.end",
    re.IGNORECASE,
)
_THIS_MONTH = re.compile(r"[这本]个?月|\bthis month", re.IGNORECASE)
_TODAY = re.compile(r"今(?!年|后)|当[天晚]|today|tonight|this (?:morning|afternoon|evening)", re.IGNORECASE)
_COUNTED = re.compile(
    r"(?:[0-9一二两三四五六七八九十几半]+个?(?:周|週|星期|礼拜|禮拜|天|月)(?:之|以)?[后後]的?"
    r"|\b(?:days?|weeks?|months?) (?:from|after)|\bin \w+ (?:days?|weeks?|months?)(?: on)?)[\s,，]*$",
    re.IGNORECASE,
)
_EARLY, _CLOCK = re.compile(r"早"), re.compile(r"[点點时時:：]")
_EARLY_IS_LONGER = timedelta(hours=2)
"""A report of "早上" is of before nine; what is planned for then may well begin at nine."""
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
    facts = [
        fact
        for fact in find_facts(text, moment, zone, wished=True).times
        if not _COUNTED.search(text[: fact.span[0]])
    ]
    return tuple(coming for fact in facts if (coming := _ahead(fact, here)) is not None)


def _ahead(fact: TimeFact, here: datetime) -> Coming | None:
    if fact.kind is not TimeKind.AT or fact.start is None or _PAST.search(fact.words):
        return None
    start, length = fact.start, _length(fact, fact.start)
    for _ in range(_MOST_STEPS):
        if start + length > here or _TODAY.search(fact.words):
            return Coming(fact.span, fact.words, start, start + length)
        if _THIS_MONTH.search(fact.words):
            break
        start = _next(fact.words, start)
    return None


def _length(fact: TimeFact, start: datetime) -> timedelta:
    """How long the words last: a day where they tell no end, an hour where they tell only when it begins."""
    length = (fact.end or start + _DAY) - start
    if length <= timedelta():
        return timedelta(hours=1)
    if _EARLY.search(fact.words) and not _CLOCK.search(fact.words):
        return length + _EARLY_IS_LONGER
    return length


def _next(words: str, at: datetime) -> datetime:
    """The same words once more: a week, a year, a month or a day on."""
    if _WEEK_NAMED.search(words) or _WEEKLY.search(words):
        return at + 7 * _DAY
    if _YEARLY.search(words):
        return _months_on(at, 12)
    if _MONTHLY.search(words):
        return _months_on(at, 1)
    return at + _DAY


def _months_on(at: datetime, step: int) -> datetime:
    """The same day and clock, so many months on, or as often again until there is such a day."""
    months = at.year * 12 + at.month - 1
    while True:
        months += step
        try:
            return at.replace(year=months // 12, month=months % 12 + 1)
        except ValueError:
            continue
