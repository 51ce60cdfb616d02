"""Until when nothing is to come, as a wish about being told says it: 这周别发, till June, 出差一个月.

`wish_clocks.py` reads from when to when of the day it is to be quiet.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from community.contact.queries import USUAL_QUIET
from community.facts.coming import find_coming
from community.facts.numbers import number_of
from community.facts.time_words import ANY_MONTH

NUMBER = r"[0-9]{1,2}|[一二两三四五六七八九十]{1,3}"
_FEW_DAYS, _USUAL_PAUSE = 3, 7
_DAY = timedelta(days=1)
_MORNING_BEGINS = time(USUAL_QUIET[1] // 60)
_MONTHS_EN = rf"\b(?:{ANY_MONTH})[a-z]*\b"
HOLD = re.compile(
    r"别|不要|莫|甭|停|暂停|先不|不发|不收|静音|出差|旅游|出门|不在家|度假|回老家|住院|"
    r"pause|mute|hold|stop|no (?:messages|notices|notif)|don't|holiday|away|vacation|travel|out of town"
)
_SPELL_ZH = re.compile(  # "12月" is December, "一个月" and "半月" are how long
    r"(?P<n>[0-9]{1,2}|[一二两三四五六七八九十半几]{1,2})\s?个?(?P<unit>天|日|周|星期|礼拜|(?<=[个半])月)(?!了)"
)
_DATE = re.compile(rf"(?:{NUMBER})月(?:{NUMBER})[日号]?|(?:{NUMBER})月底")
_BARE_DAY = re.compile(
    rf"(?<![月0-9一二三四五六七八九十])(?P<n>{NUMBER})(?:日(?=之前|以前|前)|号(?![楼线院门房室栋]))"
)
_BEFORE_DAY = re.compile(r"之前|以前|(?<![以之目提])前(?![天面台])|\bbefore\b")
_OF_MONTH = re.compile(rf"月|{_MONTHS_EN}")
_SPELL_EN = re.compile(
    r"\b(?:for )?(?P<n>a|one|two|three|four|a few|[0-9]{1,2}) (?P<unit>day|week|month)s?\b"
)
THIS = re.compile(
    r"(?P<zh>今天|今晚|这(?:个)?(?:周|星期|礼拜|月)|本(?:周|月)|这几天|这两天|这段时间)|"
    r"\b(?P<en>today|tonight|this (?:week|month))\b"
)
_UNTIL = re.compile(r"(?:到|至|直到)|\b(?:till|until)\b")
_MONTH = re.compile(
    r"([一二三四五六七八九十]{1,2}月|[0-9]{1,2}月)(?![0-9一二三四五六七八九十])"
    rf"|\b((?:{ANY_MONTH})[a-z]*)\b(?! [0-9])"
)
_PAUSE = re.compile(r"暂停|先停|\bpause\b|^mute\b|hold (?:the )?messages")
_EN_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "a few": _FEW_DAYS}


def read_pause(said: str, at: datetime, zone: str) -> datetime | None:
    """Until when nothing is to come, to the morning of a day; None where no spell is said and none asked for."""
    if not HOLD.search(said):
        return None
    here = at.astimezone(ZoneInfo(zone))
    said = _name_month(said, here)
    return (
        _read_before(said, at, zone)
        or _read_until(said, at, zone)
        or _read_spell(said, here)
        or _read_date(said, at, zone)
        or (_morning(here + timedelta(days=_USUAL_PAUSE)) if _PAUSE.search(said) else None)
    )


def _name_month(said: str, here: datetime) -> str:
    """A day that is named alone ("5号") is the next one of that number."""

    def name(match: re.Match[str]) -> str:
        day = int(number_of(match["n"]))
        month = here.month if day >= here.day else here.month % 12 + 1
        return f"{month}月{day}日"

    return _BARE_DAY.sub(name, said)


def _read_before(said: str, at: datetime, zone: str) -> datetime | None:
    """The morning of the day before which nothing is to come; "before the end of the month" is the one after it."""
    for match in _BEFORE_DAY.finditer(said):
        if match[0] == "before":
            after = find_coming(said[match.end() :], at, zone)[:1]
        else:
            named = find_coming(said[: match.start()], at, zone)
            after = tuple(each for each in named if each.span[1] == match.start())[-1:]
        for day in after:
            if day.end - day.start >= _DAY:
                return _morning(day.end if "底" in day.words else day.start)
    return None


def _read_spell(said: str, here: datetime) -> datetime | None:
    """So long from now: "一周", "for two weeks", "这周"."""
    if match := _SPELL_ZH.search(_DATE.sub("", said)):
        return _morning(here + _length(match["n"], match["unit"]))
    if match := _SPELL_EN.search(said):
        return _morning(here + _length(str(_EN_NUMBERS.get(match["n"], match["n"])), match["unit"]))
    match = THIS.search(said)
    return _end_of(match["zh"] or match["en"], here) if match else None


def _read_date(said: str, at: datetime, zone: str) -> datetime | None:
    """The morning after a date or month for which nothing is to come."""
    named = [day for day in find_coming(said, at, zone) if _OF_MONTH.search(day.words)]
    return _morning(named[-1].end) if named and named[-1].end - named[-1].start >= _DAY else None


def _read_until(said: str, at: datetime, zone: str) -> datetime | None:
    """The morning after the day that is named, or of the first day of a month that is named alone."""
    match = _UNTIL.search(said)
    if match is None:
        return None
    words = said[match.end() :]
    of_month = _MONTH.sub(lambda month: f"{month[1]}1日" if month[1] else f"{month[2]} 1", words)
    coming = find_coming(of_month, at, zone)
    if not coming:
        return None
    is_day = of_month == words and coming[0].end - coming[0].start >= timedelta(days=1)
    return _morning(coming[0].end if is_day else coming[0].start)


def _length(number: str, unit: str) -> timedelta:
    many = _FEW_DAYS if number == "几" else int(number_of(number)) if number != "半" else 1
    if unit in ("月", "month"):
        return timedelta(days=15 if number == "半" else 30 * many)
    return timedelta(days=many * (7 if unit in ("周", "星期", "礼拜", "week") else 1))


def _end_of(words: str, here: datetime) -> datetime:
    """The morning after what was said: after Sunday for this week, after tonight for today."""
    if words in ("今天", "今晚", "today", "tonight"):
        return _morning(here + timedelta(days=1))
    if "月" in words or "month" in words:
        return _morning((here.replace(day=1) + timedelta(days=32)).replace(day=1))
    if words in ("这几天", "这两天", "这段时间"):
        return _morning(here + timedelta(days=_USUAL_PAUSE if words == "这段时间" else _FEW_DAYS))
    return _morning(here + timedelta(days=7 - here.weekday()))


def _morning(day: datetime) -> datetime:
    return datetime.combine(day.date(), _MORNING_BEGINS, day.tzinfo)
