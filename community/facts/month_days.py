"""Days of a month in what people wish for: "23号", "on the twenty-third", and days that the month does not have.

A report names a day in a whitelist of words around it (`time_words.py`); a wish is read where such a number is not a
place: "3号楼", "12号电梯", "住在12号", "5号线" name none.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from community.facts.models import Span
from community.facts.numbers import ORDINALS, int_of
from community.facts.text import plain_text
from community.facts.time_words import ANY_MONTH, MONTHS

_DAY = timedelta(days=1)
_LONGEST_MONTH = 31
_N = "(?:[0-9]{1,2}|[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
_HOME = r"(?<!住在)(?<!家[在是])(?<!我们是)(?<!单元)(?<!位是)"
_NO_DAY_BEFORE = rf"(?<![0-9第月一二三四五六七八九十廿./位:住楼栋幢座院路街巷弄村门元#-]){_HOME}"
_NO_DAY_AFTER = (
    "(?!楼|栋|幢|座|单元|院|门|电?梯|线|网格|房|室|户|车|桌|位|铺|商铺|店|公交|路|馆|厅|充?电?桩|井|泵|柜|仓|码|机|窗|床|食堂|垃圾|公馆|站|公寓|"
    "家(?!里)|的?(?:电梯|门禁|房子|住户|邻居|楼|单元|老[人太头]|大爷|阿姨|水管|路灯))"
)
_TO = r"\s?(?:到|至|-|、|,|和|跟|或者?)\s?"
_ZH = re.compile(
    rf"{_NO_DAY_BEFORE}(?:(?P<since>{_N})\s?[号日]?{_TO})?(?P<day>{_N})(?:号|日(?![期常子用本报历托记]))(?![到至-]\s?{_N}\s?号?[楼栋幢])"
    rf"{_NO_DAY_AFTER}"
)
_TENS = {"twenty": 20, "thirty": 30}
_ORDINAL = f"(?:twenty|thirty)(?:[-\\s](?:{'|'.join(ORDINALS[1:10])}))?|twentieth|thirtieth|{'|'.join(ORDINALS[:0:-1])}"
_NO_DAY_AFTER_EN = (
    r"(?!\s(?:floor|building|block|unit|entrance|time|level|flat|street|room|door|gate|stair|lift|one|person|grid|shift|of\b|century|"
    r"activity|event|option))"
)
_EN = re.compile(
    rf"\b(?:(?:on|for|until|by|about)\s)?(?:the\s)?(?P<nth>[0-9]{{1,2}})(?:st|nd|rd|th)\b{_NO_DAY_AFTER_EN}"
    rf"|\b(?:on|for)\sthe\s(?P<named>{_ORDINAL})\b{_NO_DAY_AFTER_EN}"
)
_MONTH_DAY = re.compile(
    rf"(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?\s?(?P<d>{_N})[号日](?!楼|栋|线)"
    rf"|(?P<shift>这|本|下下|下)个?月(?:份|的)?\s?(?P<d2>{_N})[号日](?!楼|栋|线)"
    rf"|\b(?:the\s)?(?P<d3>[0-9]{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m3>{ANY_MONTH})[a-z]*\b"
    rf"|\b(?P<m4>{ANY_MONTH})[a-z]*\.?\s(?:the\s)?(?P<d4>[0-9]{{1,2}})(?:st|nd|rd|th)?\b(?!:)"
    r"|\b(?:the\s)?(?P<d5>[0-9]{1,2})(?:st|nd|rd|th)\sof\s(?P<shift5>this|next|the)\smonth"
)
_OF_A_MONTH = re.compile(r"\bmonth,?\s(?:on\s)?$")
_SHIFTS = {"这": 0, "本": 0, "下": 1, "下下": 2, "this": 0, "the": 0, "next": 1}


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A number of a day as it was said, the next such day from a date on and the day after it."""

    span: Span
    first: date
    after: date


@dataclass(frozen=True, slots=True)
class MissingDay:
    """A day that its month does not have, or no month; `month` is None where none was said."""

    span: Span
    day: int
    month: int | None = None


def find_month_days(plain: str, today: date) -> Iterator[MonthDay]:
    """The numbers of days in a plain text, each as the next such day from today on."""
    for match in _ZH.finditer(plain):
        last, first = int_of(match["day"]), int_of(match["since"] or match["day"])
        yield from _ahead(match, first, last, today)
    for match in _EN.finditer(plain):
        if _OF_A_MONTH.search(plain, 0, match.start()):
            continue
        day = int(match["nth"]) if match["nth"] else _named(match["named"])
        yield from _ahead(match, day, day, today)


def find_missing_day(text: str, moment: datetime, zone: str) -> MissingDay | None:
    """The first day in a text that there is not: "2月30号", "下个月31号", "the 32nd"."""
    plain, today = plain_text(text), moment.astimezone(ZoneInfo(zone)).date()
    for match in _MONTH_DAY.finditer(plain):
        day = int_of(next(filter(None, match.group("d", "d2", "d3", "d4", "d5"))))
        year, month = _month_of(match, today)
        if not 0 < day <= monthrange(year, month)[1]:
            return MissingDay(match.span(), day, month)
    for match in (*_ZH.finditer(plain), *_EN.finditer(plain)):
        said = match.groupdict()
        day = int_of(said.get("day") or said.get("nth") or "") if not said.get("named") else 1
        if not 0 < day <= _LONGEST_MONTH:
            return MissingDay(match.span(), day)
    return None


def _ahead(match: re.Match[str], first: int, last: int, today: date) -> Iterator[MonthDay]:
    """The next time that there is such a day, or from such a day to another, what has begun from today on."""
    if not (0 < first <= _LONGEST_MONTH and 0 < last <= _LONGEST_MONTH):
        return
    ends = _next_day(last, today)
    begins = _next_day(first, today)
    if begins > ends:
        begins = today  # it has begun
    yield MonthDay(match.span(), begins, ends + _DAY)


def _next_day(number: int, since: date) -> date:
    month = since.replace(day=1)
    while True:
        if number <= monthrange(month.year, month.month)[1] and month.replace(day=number) >= since:
            return month.replace(day=number)
        month = (month + 31 * _DAY).replace(day=1)


def _month_of(match: re.Match[str], today: date) -> tuple[int, int]:
    """Year and month that a day was named with: the next such month, for February one that is long where it comes."""
    said = match.groupdict()
    shift = said["shift"] or said["shift5"]
    if shift:
        months = today.year * 12 + today.month - 1 + _SHIFTS[shift]
        return months // 12, months % 12 + 1
    named = said["m3"] or said["m4"]
    month = MONTHS.index(named) + 1 if named else int_of(said["m"])
    if month == 2:  # the 29th is of some year
        return 2028, month
    return today.year, month


def _named(said: str) -> int:
    """Twenty-third, fifth."""
    tens, _, ones = said.replace("-", " ").partition(" ")
    if tens in ("twentieth", "thirtieth"):
        return 20 if tens == "twentieth" else 30
    if tens in _TENS:
        return _TENS[tens] + (ORDINALS.index(ones) if ones else 0)
    return ORDINALS.index(said)
