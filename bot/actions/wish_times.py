"""Times in a wish about being told: from when to when it is quiet, and until when nothing is to come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from community.contact.queries import USUAL_QUIET
from community.facts.coming import find_coming
from community.facts.numbers import number_of

NIGHT_BEGINS, NIGHT_ENDS = USUAL_QUIET
"""An open end takes over the quiet time of everybody."""
NOON = (12 * 60, 14 * 60)
_HALF_DAY, _DAY_MINUTES = 12 * 60, 24 * 60
_FEW_DAYS, _USUAL_PAUSE = 3, 7
_DAY = timedelta(days=1)
_MONTHS_EN = r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
_NUMBER = r"[0-9]{1,2}|[一二两三四五六七八九十]{1,3}"
_PART = r"早上|早晨|清早|上午|中午|下午|傍晚|晚上|夜里|半夜|凌晨|夜晚|第二天早上|次日|第二天"
_CLOCK_ZH = (
    rf"(?P<part>(?:{_PART})*)\s?(?P<hour>{_NUMBER})\s?(?:点|时)(?:钟)?(?P<minute>半|[0-9]{{1,2}}分?)?"
    rf"|(?P<part2>(?:{_PART})*)\s?(?P<hour2>[0-9]{{1,2}}):(?P<minute2>[0-9]{{2}})"
)
_CLOCK_EN = r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2}))?\s?(?P<half>[ap]\.?m\.?)?"
_ZH, _EN = re.compile(_CLOCK_ZH), re.compile(_CLOCK_EN)
_AFTER_ZH = re.compile(r"^\s?(?:钟)?(?:以后|之后|过后|后|开始|起)")
_BEFORE_ZH = re.compile(r"^\s?(?:钟)?(?:以前|之前|前)")
_TO_ZH = re.compile(r"^\s?(?:一直)?(?:到|至|-|~)\s?$")
_AFTER_EN, _BEFORE_EN = re.compile(r"\b(?:after|from|past)\s$"), re.compile(r"\b(?:before|until|till)\s$")
_TO_EN = re.compile(r"^\s?(?:to|until|till|and|-|through)\s?$")
_EVENING = re.compile(r"晚|夜|下午|傍晚")
_MORNING = re.compile(r"早|凌晨|上午|次日|第二天")
_NIGHT = re.compile(
    r"晚上|夜里|半夜|夜晚|晚间|睡觉|免打扰|勿扰|安静时间|改通知时间|"
    r"白天(?!.{0,3}(?:别|不))|daytime|\bnight|do not disturb|quiet (?:hours|time)|\bwake"
)
_AT_NOON = re.compile(r"中午|午休|午睡|\bnoon|midday|lunch")
_HOLD = re.compile(
    r"别|不要|莫|甭|停|暂停|先不|不发|不收|静音|出差|旅游|出门|不在家|度假|回老家|住院|"
    r"pause|mute|hold|stop|no (?:messages|notices|notif)|don't|holiday|away|vacation|travel|out of town"
)
_SPELL_ZH = re.compile(  # "12月" is December, "一个月" and "半月" are how long
    r"(?P<n>[0-9]{1,2}|[一二两三四五六七八九十半几]{1,2})\s?个?(?P<unit>天|日|周|星期|礼拜|(?<=[个半])月)(?!了)"
)
_DATE = re.compile(rf"(?:{_NUMBER})月(?:{_NUMBER})[日号]?|(?:{_NUMBER})月底")
_BARE_DAY = re.compile(
    rf"(?<![月0-9一二三四五六七八九十])(?P<n>{_NUMBER})(?:日(?=之前|以前|前)|号(?![楼线院门房室栋]))"
)
_BEFORE_DAY = re.compile(r"之前|以前|(?<![以之目提])前(?![天面台])|\bbefore\b")
_OF_MONTH = re.compile(rf"月|{_MONTHS_EN}")
_SPELL_EN = re.compile(
    r"\b(?:for )?(?P<n>a|one|two|three|four|a few|[0-9]{1,2}) (?P<unit>day|week|month)s?\b"
)
_THIS = re.compile(
    r"(?P<zh>今天|今晚|这(?:个)?(?:周|星期|礼拜|月)|本(?:周|月)|这几天|这两天|这段时间)|"
    r"\b(?P<en>today|tonight|this (?:week|month))\b"
)
_UNTIL = re.compile(r"(?:到|至|直到)|\b(?:till|until)\b")
_MONTH = re.compile(
    r"([一二三四五六七八九十]{1,2}月|[0-9]{1,2}月)(?![0-9一二三四五六七八九十])"
    r"|\b((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\b(?! [0-9])"
)
_PAUSE = re.compile(r"暂停|先停|\bpause\b|^mute\b|hold (?:the )?messages")
_EN_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "a few": _FEW_DAYS}


@dataclass(frozen=True, slots=True)
class Quiet:
    """From and until, in minutes of the day. `usual` is the night, for which no times were said."""

    begins: int
    ends: int
    usual: bool = False


def read_quiet(said: str) -> Quiet | None:
    """When it is to be quiet; None where the words say nothing of it."""
    clocks = _clocks(said)
    if len(clocks) >= 2 and clocks[0].goes_on:
        return _range(clocks[0], clocks[1])
    if clocks and clocks[0].edge == "after":
        return Quiet(clocks[0].minutes(evening=True), NIGHT_ENDS)
    if clocks and clocks[0].edge == "before":
        return Quiet(NIGHT_BEGINS, clocks[0].minutes(evening=False))
    if clocks:
        return None
    if _AT_NOON.search(said) and _HOLD.search(said):
        return Quiet(*NOON)
    return (
        Quiet(NIGHT_BEGINS, NIGHT_ENDS, usual=True)
        if _NIGHT.search(said) and not _THIS.search(said)
        else None
    )


def read_pause(said: str, at: datetime, zone: str) -> datetime | None:
    """Until when nothing is to come, to the morning of a day; None where no spell is said and none asked for."""
    if not _HOLD.search(said):
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


@dataclass(frozen=True, slots=True)
class _Clock:
    hour: int
    minute: int
    part: str
    edge: str
    goes_on: bool

    def minutes(self, *, evening: bool) -> int:
        """Minutes of the day; without a part of the day the evening or the morning, as it is meant."""
        hour = self.hour
        said_evening = bool(_EVENING.search(self.part)) or self.part.startswith("p")
        said_morning = bool(_MORNING.search(self.part)) or self.part.startswith("a")
        if hour <= 12 and (said_evening or (evening and not said_morning and hour >= 5)):
            hour = hour % 12 + 12 if hour != 12 or not said_evening else 24
        elif said_morning and hour == 12:
            hour = 0
        return (hour * 60 + self.minute) % _DAY_MINUTES


def _range(first: _Clock, last: _Clock) -> Quiet | None:
    begins = first.minutes(evening=last.hour <= first.hour or not first.part)
    ends = last.minutes(evening=False)
    return Quiet(begins, ends) if begins != ends else None


def _clocks(said: str) -> list[_Clock]:
    is_chinese = bool(re.search("[㐀-鿿]", said))
    form, after, before, to = (
        (_ZH, _AFTER_ZH, _BEFORE_ZH, _TO_ZH) if is_chinese else (_EN, _AFTER_EN, _BEFORE_EN, _TO_EN)
    )
    matches = list(form.finditer(said))
    clocks: list[_Clock] = []
    for index, match in enumerate(matches):
        following = said[match.end() : matches[index + 1].start()] if index + 1 < len(matches) else ""
        around = said[match.end() :] if is_chinese else said[: match.start()]
        find = after.match if is_chinese else after.search
        found = before.match if is_chinese else before.search
        edge = "after" if find(around) else "before" if found(around) else ""
        clock = _read_clock(match, edge=edge, goes_on=bool(to.match(following)))
        if clock is not None and (is_chinese or clock.part or edge or clock.goes_on or clocks):
            clocks.append(clock)
    return clocks


def _read_clock(match: re.Match[str], *, edge: str, goes_on: bool) -> _Clock | None:
    groups = match.groupdict()
    hour = int(number_of(groups["hour"] or groups.get("hour2") or ""))
    told = groups["minute"] or groups.get("minute2") or "0"
    minute = 30 if told == "半" else int(told.removesuffix("分"))
    part = groups.get("part") or groups.get("part2") or groups.get("half") or ""
    return _Clock(hour, minute, part, edge, goes_on) if hour <= 24 and minute < 60 else None


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
    match = _THIS.search(said)
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


def read_one_time(said: str) -> tuple[int, bool] | None:
    """The one time of the day in a correction, and whether it is the morning's end: "不是，是九点半"."""
    clocks = _clocks(said)
    if len(clocks) != 1:
        return None
    is_end = bool(_MORNING.search(clocks[0].part)) or clocks[0].part.startswith("a")
    return clocks[0].minutes(evening=not is_end), is_end


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
    return datetime.combine(day.date(), time(NIGHT_ENDS // 60), day.tzinfo)
