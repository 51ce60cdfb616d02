"""Reads the single words of time, 上周三, 十点多, two days: each an atom with what it stands for on a given day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from community.facts.month_days import MonthDay, find_month_days
from community.facts.numbers import least_of, number_of
from community.facts.time_words import (
    EN_ATOMS,
    EN_THIRDS,
    EN_WEEKDAYS,
    HOLIDAYS,
    MONTHS,
    NEAR_DAYS,
    PARTS,
    SHIFTS,
    WEEKDAYS,
    ZH_ATOMS,
)

DAY = timedelta(days=1)
AHEAD = timedelta(days=60)  # a date further ahead than this was last year's


@dataclass(frozen=True, slots=True)
class Clock:
    """A time on the clock; `half` is "am" or "pm" where it was said, `edge` "after" or "before"."""

    hour: int
    minute: int = 0
    loose: bool = False
    half: str = ""
    edge: str = ""


@dataclass(frozen=True, slots=True)
class Length:
    """How long: an amount of minutes, hours, days, weeks, months or years."""

    amount: float
    unit: str

    def before(self, moment: datetime) -> datetime:
        """The moment so long before another."""
        steps = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 30.44, "year": 365.25}
        return moment - timedelta(days=min(self.amount * steps[self.unit], 36_500))


@dataclass(frozen=True, slots=True)
class Atom:
    """A word of time at its place: `what` is day, part, clock, ago, dur or every; the fitting value is set."""

    what: str
    start: int
    end: int
    days: tuple[date, date] | None = None
    part: tuple[int, int] | None = None
    clock: Clock | None = None
    until: Clock | None = None
    length: Length | None = None


Reader = Callable[[re.Match[str], date], Atom | None]


def find_atoms(plain: str, today: date, *, wished: bool = False) -> list[Atom]:
    """All words of time, in their order; `wished`: the number of a day alone is one, the next that comes."""
    chinese, latin = not plain.isascii(), re.search("[a-z0-9]", plain) is not None
    found = [_wished(day) for day in find_month_days(plain, today)] if wished else []
    if chinese:
        found = _beside(found, _read(ZH_ATOMS, _ZH, plain, today))
    if latin:
        found = _beside(found, _read(EN_ATOMS, _EN, plain, today))
    return sorted(found, key=lambda atom: atom.start)


def _beside(found: list[Atom], more: Iterator[Atom]) -> list[Atom]:
    """With those that touch none of what was found before."""
    free = (atom for atom in more if all(atom.end <= each.start or atom.start >= each.end for each in found))
    return [*found, *free]


def _wished(day: MonthDay) -> Atom:
    return Atom("day", *day.span, days=(day.first, day.after))


def _read(pattern: re.Pattern[str], readers: Mapping[str, Reader], plain: str, today: date) -> Iterator[Atom]:
    for match in pattern.finditer(plain):
        atom = readers[match.lastgroup or ""](match, today)
        if atom is not None:
            yield atom


def _atom(match: re.Match[str], days: tuple[date, date] | None = None) -> Atom:
    return Atom("day", *match.span(), days=days)


def _day(match: re.Match[str], today: date) -> Atom:
    said = match[0].removeprefix("the ")
    first = today + NEAR_DAYS.get(said, 0) * DAY
    part = PARTS["night"] if said in ("last night", "tonight", "2nite") else None
    return Atom("day", *match.span(), days=(first, first + DAY), part=part)


def _iso(match: re.Match[str], _: date) -> Atom | None:
    year, month, day = (int(number) for number in re.findall("[0-9]+", match[0])[:3])
    return _dated(match, _date(year, month, day))


def _dated(match: re.Match[str], first: date | None) -> Atom | None:
    return _atom(match, (first, first + DAY)) if first else None


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


def _number(said: str) -> int:
    number = number_of(said.removeprefix("初"))
    return int(number) if number.isdigit() else 0


def _month_days(first: date | None, third: str) -> tuple[date, date] | None:
    """A month, or its beginning, middle or end."""
    if first is None:
        return None
    end = (first.replace(day=28) + 4 * DAY).replace(day=1)
    if third[:1] in ("初", "上"):
        return first, first + 10 * DAY
    if third.startswith("中"):
        return first + 9 * DAY, first + 20 * DAY
    return (first + 20 * DAY, end) if third[:1] in ("底", "下", "末", "尾") else (first, end)


def _year_of(said: str | None, today: date) -> int | None:
    if not said:
        return None
    return int(said) if said.isdigit() else today.year + {"前": -2, "去": -1, "今": 0, "明": 1}[said]


def _month_zh(match: re.Match[str], today: date) -> Atom | None:
    month, year = _number(match["m"]), _year_of(match["year"], today)
    day = _number(match["d"]) if match["d"] else 0
    if not match["d"] and not match["third"] and not match["year"] and _is_duration(match):
        return None
    first = _date(year, month, day or 1) if year else _nearest(month, day or 1, today)
    if day:
        return _dated(match, first)
    return _atom(match, _month_days(first, match["third"] or ""))


def _is_duration(match: re.Match[str]) -> bool:
    """三月 is March; 月 alone after a number and 个 is a duration and does not come here."""
    return match[0][-1] == "月" and match.string[match.end() : match.end() + 1] in (
        "租",
        "费",
        "薪",
        "票",
        "卡",
    )


def _weekday_zh(match: re.Match[str], today: date) -> Atom | None:
    index = WEEKDAYS[match["wd"]]
    length = 2 if match["wd"] == "末" else 1
    return _weekday(match, today, index, match["w"], length)


def _weekday(match: re.Match[str], today: date, index: int, shift: str | None, length: int = 1) -> Atom:
    monday = today - today.weekday() * DAY
    first = monday + index * DAY
    if shift:
        first += SHIFTS[shift] * 7 * DAY
    elif first > today:
        first -= 7 * DAY
    return _atom(match, (first, first + length * DAY))


def _weekday_en(match: re.Match[str], today: date) -> Atom | None:
    if match["wd"] in ("sun", "sat", "wed") and match["w"] is None and not _is_weekday(match):
        return None
    index = EN_WEEKDAYS.index(match["wd"][:3])
    if match["w"] in ("last", "past") or match["w"] is None:
        first = today - ((today.weekday() - index) % 7) * DAY
        if match["w"] and first == today:
            first -= 7 * DAY
        return _atom(match, (first, first + DAY))
    return _weekday(match, today, index, match["w"])


def _is_weekday(match: re.Match[str]) -> bool:
    """ "the sun is hot" has no day in it, "since sun" has."""
    before = match.string[max(0, match.start() - 8) : match.start()]
    return bool(
        re.search(r"(?:on|since|last|this|from|by|until|till|every|and|,)\s$", before)
        or re.match(r"\s(?:morning|afternoon|evening|night)", match.string[match.end() : match.end() + 12])
    )


def _week(match: re.Match[str], today: date) -> Atom:
    shift, what = match["ws"], match.groupdict().get("what") or "week"
    monday = today - today.weekday() * DAY
    if not shift:
        return _atom(match, None if "other" in match[0] else _weekend(monday, today))
    steps = SHIFTS[shift]
    if what == "month":
        return _atom(match, _month_days(_shift_month(today, steps), ""))
    if what == "weekend":
        first = monday + 5 * DAY + 7 * DAY * (steps if today.weekday() < 5 or shift != "last" else -1)
        return _atom(match, (first, first + 2 * DAY))
    if what == "week":
        first = monday + 7 * DAY * steps
        return _atom(match, (first, first + 7 * DAY))
    year = today.year + steps
    return _atom(match, (date(year, 1, 1), date(year + 1, 1, 1)) if what == "year" else None)


def _weekend(monday: date, today: date) -> tuple[date, date]:
    saturday = monday + 5 * DAY
    first = saturday if saturday <= today else saturday - 7 * DAY
    return first, first + 2 * DAY


def _shift_month(today: date, steps: int) -> date:
    months = today.year * 12 + today.month - 1 + steps
    return date(months // 12, months % 12 + 1, 1)


def _this_month(match: re.Match[str], today: date) -> Atom | None:
    first = _shift_month(today, SHIFTS[match["ms"] or ""])
    if match["md"]:
        return _dated(match, _date(first.year, first.month, _number(match["md"])))
    return _atom(match, _month_days(first, match["mt"] or match["mt2"] or ""))


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
        return _atom(match, first)
    return _atom(match, None if season else (date(year, 1, 1), date(year + 1, 1, 1)))


def _month_en(match: re.Match[str], today: date) -> Atom | None:
    said = match["m1"] or match["m2"] or match["m3"]
    month = MONTHS.index(said[:3]) + 1
    year = match["y"] or match["y3"]
    day = int(match["d1"] or match["d2"] or 0)
    first = _date(int(year), month, day or 1) if year else _nearest(month, day or 1, today)
    return _dated(match, first) if day else _atom(match, _month_days(first, ""))


def _nth_of_month(match: re.Match[str], today: date) -> Atom | None:
    """The 5th of next month; next month on the 5th."""
    first = _shift_month(today, SHIFTS.get(match["nm"] or match["nm2"], 0))
    return _dated(match, _date(first.year, first.month, int(match["nd"] or match["nd2"])))


def _month_part(match: re.Match[str], today: date) -> Atom:
    """The end of this month, mid next month."""
    first = _shift_month(today, SHIFTS.get(match["mpm"] or match["mpm2"] or "", 0))
    return _atom(match, _month_days(first, EN_THIRDS[match["mp"] or match["mp2"] or "end"]))


def _recent(match: re.Match[str], _: date) -> Atom:
    said = match[0]
    if said in ("刚才", "刚刚", "方才", "适才", "just now", "right now", "a moment ago", "this minute"):
        return Atom("ago", *match.span(), length=Length(0, "minute"))
    return _atom(match)


def _holiday(match: re.Match[str], today: date) -> Atom:
    for name, (month, first, last) in HOLIDAYS.items():
        if match[0].startswith(name):
            start = _nearest(month, first, today)
            return _atom(match, (start, start + (last - first) * DAY) if start else None)
    return _atom(match)


def _part(match: re.Match[str], _: date) -> Atom | None:
    said = match.groupdict().get("pw") or match[0]
    return Atom("part", *match.span(), part=PARTS.get(said, PARTS["night"]))


def _part_en(match: re.Match[str], _: date) -> Atom | None:
    hours = PARTS[match["pw"]]
    if "middle" in match[0] or "small hours" in match[0] or "wee" in match[0]:
        hours = (24, 28)
    return Atom("part", *match.span(), part=hours)


def _clock_zh(match: re.Match[str], _: date) -> Atom | None:
    if match["h"] is None:
        return _clock(match, *map(int, match[0].split(":")[:2]))
    said, more = number_of(match["h"]), match["min"] or ""
    loose = more in ("多", "来钟", "出头", "几分", "不到")
    minute = {"半": 30, "一刻": 15, "一刻钟": 15, "三刻": 45, "三刻钟": 45}.get(more, 0)
    if not minute and not loose and more not in ("", "过"):
        minute = int(number_of(more.removesuffix("分").removeprefix("零")))
    return _clock(match, int(said), minute, loose=loose)


def _clock(
    match: re.Match[str], hour: int, minute: int = 0, *, loose: bool = False, half: str = "", edge: str = ""
) -> Atom | None:
    if hour > 24 or minute > 59:
        return None
    start = match.start("h5") if match.groupdict().get("prep") in ("since", "from") else match.start()
    return Atom("clock", start, match.end(), clock=Clock(hour, minute, loose, half, edge))


def _clock_en(match: re.Match[str], _: date) -> Atom | None:
    if match["b1"]:
        return _clock_range(match)
    if match["named"]:
        return _clock(match, 24 if match["named"] == "midnight" else 12)
    if match["half"]:
        return _clock(match, *_told(match["half"], match["to"], _number(match["h3"])))
    hour = next(filter(None, match.group("h", "h2", "h4", "h5")))
    minute, prep = int(match["mi"] or match["mi2"] or 0), match["prep"] or ""
    edge = {"after": "after", "past": "after", "gone": "after", "before": "before", "by": "before"}.get(
        prep, ""
    )
    loose = prep in ("around", "about") or "ish" in match[0]
    return _clock(match, _number(hour), minute, loose=loose, half=(match["ap"] or "")[:1], edge=edge)


def _clock_range(match: re.Match[str]) -> Atom | None:
    """From 9 to 11 pm; numbers without a word or a half of the day around them are no times."""
    if not (match["between"] or match["bap1"] or match["bap2"] or match["bm1"]):
        return None
    last_half = (match["bap2"] or "")[:1]
    first, last = _number(match["b1"]), _number(match["b2"])
    half = (match["bap1"] or "")[:1] or (last_half if first <= last else "")
    if first > 24 or last > 24:
        return None
    clock, until = (
        Clock(first, int(match["bm1"] or 0), half=half),
        Clock(last, int(match["bm2"] or 0), half=last_half),
    )
    return Atom("clock", *match.span(), clock=clock, until=until)


def _told(half: str, to: str, hour: int) -> tuple[int, int]:
    """Half past ten, a quarter to nine."""
    minute = 30 if half == "half" else 15
    return (hour, minute) if to == "past" else (hour - 1 if hour > 1 else 12, 60 - minute)


_UNITS = {
    "分钟": "minute", "刻钟": "minute", "小时": "hour", "钟头": "hour", "晚上": "day",
    "钟": "hour", "晚": "day", "宿": "day", "夜": "day",
    "天": "day", "日": "day", "上午": "hour", "下午": "hour", "早上": "hour",
    "周": "week", "星期": "week", "礼拜": "week",
    "个月": "month", "月": "month", "季度": "month", "年": "year",
}  # fmt: skip
_LENGTH = re.compile(
    rf"(?P<n>[0-9]+|[一二两三四五六七八九十百几半俩仨]+)?.*?(?P<u>{'|'.join(_UNITS)})(?P<half>半)?"
)
_EN_AMOUNTS = {"half an": 0.5, "a half": 0.5, "half a": 0.5, "a": 1, "an": 1, "several": 3, "many": 5, "some": 3,
               "thirty": 30, "forty": 40, "fifty": 50}  # fmt: skip


def _length_zh(said: str) -> Length | None:
    match = _LENGTH.search(said)
    if match is None:
        return None
    number = match["n"] or "一"
    amount = float(least_of(number)) if least_of(number).isdigit() else 3.0
    if "半" in said[: match.start("u")]:
        amount = 0.5 if number.startswith("半") or not amount else amount + 0.5
    elif match["half"]:
        amount += 0.5
    unit = _UNITS[match["u"]]
    return Length(amount * {"刻钟": 15, "季度": 3, "上午": 4, "下午": 6}.get(match["u"], 1), unit)


def _length_en(said: str) -> Length | None:
    unit = re.search(
        r"\b(min|hour|hr|day|night|week|month|year|fortnight|decade|morning|afternoon|evening)", said
    )
    if unit is None:
        return None
    number = re.search(r"[0-9]+", said)
    words = re.findall(r"half an?|a half|[a-z]+", said[: unit.start()])
    amount = 3.0
    if number:
        amount = float(number[0])
    elif words:
        told = [word for word in words if word in _EN_AMOUNTS or number_of(word).isdigit()]
        amount = (
            _EN_AMOUNTS.get(told[-1], 0) or float(number_of(told[-1]))
            if told
            else (1.0 if "all" in said else 3.0)
        )
        amount = 2.0 if "couple" in said else 3.0 if "few" in said else amount
    if "and a half" in said:
        amount += 0.5
    name = {
        "min": "minute",
        "hr": "hour",
        "night": "day",
        "morning": "hour",
        "afternoon": "hour",
        "evening": "hour",
    }
    factor = {"fortnight": 14, "decade": 10}.get(unit[0], 1)
    return Length(
        amount * factor, {"fortnight": "day", "decade": "year"}.get(unit[0], name.get(unit[0], unit[0]))
    )


def _ago(match: re.Match[str], _: date) -> Atom:
    length = _length_zh(match[0]) if not match[0].isascii() else _length_en(match[0])
    return Atom("ago", *match.span(), length=length)


def _dur(match: re.Match[str], _: date) -> Atom | None:
    if re.fullmatch(
        r"an?\s(?:single\s)?(?:day|night|week|month|year|minute)s?|one\s(?:day|night)|some\s(?:day|night)s?",
        match[0],
    ):
        return None  # "ten yuan a day"
    length = _length_zh(match[0]) if not match[0].isascii() else _length_en(match[0])
    return Atom("dur", *match.span(), length=length)


def _every(match: re.Match[str], _: date) -> Atom:
    return Atom("every", *match.span())


def _of_the_month(match: re.Match[str], today: date) -> Atom | None:
    day = _number(match["dd"])
    found = _date(today.year, today.month, day)
    if found is None or found > today + 7 * DAY:
        months = (_shift_month(today, -back) for back in (1, 2))  # of two months one has a 31st
        found = next(filter(None, (_date(month.year, month.month, day) for month in months)), None)
    return _dated(match, found)


def _slash(match: re.Match[str], today: date) -> Atom | None:
    one, other = int(match["sm"]), int(match["sd"])
    month, day = (other, one) if one > 12 else (one, other)
    return _dated(match, _nearest(month, day, today)) if 1 <= month <= 12 else None


_ZH: Mapping[str, Reader] = {
    "iso": _iso, "every": _every, "ago": _ago, "month": _month_zh, "weekday": _weekday_zh, "week": _week,
    "this_month": _this_month, "yearly": _yearly, "recent": _recent, "holiday": _holiday, "lunar": _holiday,
    "day": _day, "part": _part,
    "short_part": _part, "clock": _clock_zh, "dur": _dur, "date": _of_the_month, "slash": _slash,
}  # fmt: skip
_EN: Mapping[str, Reader] = {
    "every": _every, "ago": _ago, "iso": _iso, "month": _month_en, "nth_of_month": _nth_of_month,
    "month_part": _month_part, "weekday": _weekday_en, "week": _week,
    "recent": _recent, "holiday": _holiday, "day": _day, "clock": _clock_en, "part": _part_en, "dur": _dur,
    "date": _of_the_month, "slash": _slash,
}  # fmt: skip
