"""From when to when of the day it is to be quiet, as somebody wishes it: 晚上十点以后别发, no messages after 10 pm.

`wish_days.py` reads until which day nothing is to come.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.actions.wish_days import HOLD, NUMBER, THIS
from community.contact.queries import USUAL_QUIET
from community.facts.numbers import number_of

NIGHT_BEGINS, NIGHT_ENDS = USUAL_QUIET
"""An open end takes over the quiet time of everybody."""
NOON = (12 * 60, 14 * 60)
_DAY_MINUTES = 24 * 60
_PART = r"早上|早晨|清早|上午|中午|下午|傍晚|晚上|夜里|半夜|凌晨|夜晚|第二天早上|次日|第二天"
_CLOCK_ZH = (
    rf"(?P<part>(?:{_PART})*)\s?(?P<hour>{NUMBER})\s?(?:点|时)(?:钟)?(?P<minute>半|[0-9]{{1,2}}分?)?"
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
    if _AT_NOON.search(said) and HOLD.search(said):
        return Quiet(*NOON)
    return (
        Quiet(NIGHT_BEGINS, NIGHT_ENDS, usual=True) if _NIGHT.search(said) and not THIS.search(said) else None
    )


def read_one_time(said: str) -> tuple[int, bool] | None:
    """The one time of the day in a correction, and whether it is the morning's end: "不是，是九点半"."""
    clocks = _clocks(said)
    if len(clocks) != 1:
        return None
    is_end = bool(_MORNING.search(clocks[0].part)) or clocks[0].part.startswith("a")
    return clocks[0].minutes(evening=not is_end), is_end


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
