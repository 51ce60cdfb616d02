"""What a person says about activities: when, which kind, to help or to take part, who comes along, which of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from community.activities.kinds import find_kinds
from community.activities.models import Part
from community.activities.queries import ShiftLine
from community.facts.coming import Coming, find_coming
from community.facts.month_days import find_missing_day
from community.facts.numbers import number_of
from community.facts.people import find_people
from community.facts.text import plain_text
from community.facts.time_words import ANY_MONTH, ANY_WEEKDAY
from community.signups.relations import find_relations_said
from community.signups.usecases.joining import MOST_COMPANIONS, Comer

_HELP = re.compile(r"志愿|义工|帮忙|帮个忙|出力|服务|volunteer|help\b|helping", re.IGNORECASE)
_TAKE_PART = re.compile(
    r"参加者|去听|听听|去看|去玩|来玩|观众|take part|attend|participant|watch", re.IGNORECASE
)
_JOINS_IN = re.compile(r"参加|玩|热闹|join in|guest|visitor|enjoy|just come", re.IGNORECASE)
_FOR_OTHERS = re.compile(
    r"(?:给|帮|替|为)我?(?!和|跟|同|们).{0,8}(?:报|登记|约|留)|\b(?:sign up|register|enrol+|put) my\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"和|跟|同|带|一起|我们|咱|都去|也[去来]|\band\b|with|too\b|both|together|\bwe\b|\bus\b", re.IGNORECASE
)
_IN_WORDS = (
    r"第\s?([一二三四1-4])\s?[个场条项]?(?!号|期)"
    r"|(?<!on the )\b(first|second|third|fourth|1st|2nd|3rd|4th)\b(?! of\b)"
)
_ORDINAL = re.compile(rf"{_IN_WORDS}|^\s?([1-4])(?![0-9:点号日月])", re.IGNORECASE)
_WORD_ORDINAL = re.compile(_IN_WORDS, re.IGNORECASE)
_NAMES = {"一": 0, "二": 1, "三": 2, "四": 3} | {
    name: index
    for index, names in enumerate((("first", "1st"), ("second", "2nd"), ("third", "3rd"), ("fourth", "4th")))
    for name in names
}
_AGE = re.compile(
    r"(?<![0-9])([0-9]{1,2})(?![0-9]|\s?(?:[个個位名人月天点點号號楼層层]|kids?\b|child|people|months?\b|of\b))"
    r"|(?<![周期拜第])([一二三四五六七八九十]{1,3})\s?(?=周?[岁歲]|了?[啦呀。.!！\s]*$)"
)
_SURELY_AGE = re.compile(r"[岁歲]|\byears?[ -]old\b|\baged\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[，。,.;；!！?？、\n]|\band\b|\bbut\b")
_NOT_YET = re.compile(
    r"不(?!止|只|仅|小|低|少)|[没沒](?!问题|事|错|關係|关系)|未|差|快|马上|就要|即将|将|下个?月|明年"
    r"|\b(?:not|under|below|less than|younger than|almost|nearly|turning|turns|next)\b|n't\b",
    re.IGNORECASE,
)
_ONLY_ASKED = re.compile(
    r"(?:那么?|换|还?有(?:没有|什么|啥|吗)?|的|呢|吗|么|活动|哪?场|可以|行|[\s,，?？。.!！]"
    r"|\b(?:and|what|how|about|on|in|for|the|is|at|of|anything|any|activit(?:y|ies)|there|then|one)\b)*",
    re.IGNORECASE,
)
_LONGEST_ASKED = 60
_DAY_NAMED = re.compile(
    r"[今明后昨][天日晚早晨儿上下中]|大后|周|週|星期|礼拜|禮拜|月|[号號日]|[0-9]/[0-9]"
    rf"|day\b|tonight|tomorrow|week|month|\b(?:{ANY_WEEKDAY}|{ANY_MONTH})"
    r"|[0-9](?:st|nd|rd|th)\b",
    re.IGNORECASE,
)
_NOT_YET_AFTER = re.compile(r"不到|不足|以下|[没沒](?:满|滿|到)|未满|差|\byet\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wish:
    """Which shifts are meant: a time ahead and kinds, as far as they were said.

    `any_day`: the time is one of the day alone, "下午那场" of a list.
    """

    coming: Coming | None
    kinds: frozenset[str]
    any_day: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nothing was said that one shift fits and another does not."""
        return self.coming is None and not self.kinds

    def fits(self, line: ShiftLine) -> bool:
        """Whether a shift is what was meant."""
        return self.fits_time(line) and self.fits_kind(line)

    def fits_time(self, line: ShiftLine) -> bool:
        """Whether it is then; what has a part in that time counts."""
        shift, when = line.shift, self.coming
        if when is not None and self.any_day:
            begins = shift.starts_at.astimezone(when.start.tzinfo)
            days_on = begins.date() - when.start.date()
            return when.start + days_on <= begins < when.end + days_on
        return when is None or (shift.starts_at < when.end and shift.ends_at > when.start)

    def fits_kind(self, line: ShiftLine) -> bool:
        """Whether it is of such a kind, or its title names one."""
        return not self.kinds or bool(
            self.kinds & ({line.activity.kind} | find_kinds(line.activity.title_zh))
        )


def read_wish(text: str, at: datetime, zone: str) -> Wish:
    """When and what a text wishes for."""
    times = find_coming(text, at, zone)
    return Wish(times[0] if times else None, frozenset(find_kinds(text)))


def of_any_day(wish: Wish) -> Wish:
    """The wish where shifts are talked of already: "下午那场" is the one in the afternoon, whatever its day."""
    return replace(wish, any_day=wish.coming is not None and not _DAY_NAMED.search(wish.coming.words))


def asks_only_when(text: str, at: datetime, zone: str) -> bool:
    """Whether a text is a time ahead with nothing but a question around it: "周日的呢", "and on Sunday?"."""
    days = [day.span for day in find_coming(text, at, zone)]
    if missing := find_missing_day(text, at, zone):
        days = [missing.span]
    if not days or len(text) > _LONGEST_ASKED:
        return False
    start, end = days[0]
    return _ONLY_ASKED.fullmatch(text[:start] + text[end:]) is not None


def read_part(text: str) -> Part | None:
    """To help, to take part, or neither said."""
    if _TAKE_PART.search(text):
        return Part.PARTICIPANT
    return Part.VOLUNTEER if _HELP.search(text) else None


def read_answered_part(text: str) -> Part | None:
    """The answer to the question, where "参加" is the one of both that is no helping."""
    return read_part(text) or (Part.PARTICIPANT if _JOINS_IN.search(text) else None)


def read_comers(text: str) -> list[Comer]:
    """Who comes along, by name or by number; nobody where a person signs somebody else up."""
    if _FOR_OTHERS.search(text) and not _TOGETHER.search(text):
        return []
    named = [Comer(relation.code, is_child=relation.is_child) for relation in find_relations_said(text)]
    counts = [fact.count for fact in find_people(plain_text(text)) if fact.count]
    more = (counts[0] - 1 if counts and not named else 0) or 0
    if named and not _TOGETHER.search(text):
        return []
    return (named or [Comer("guest")] * more)[: MOST_COMPANIONS + 1]


def read_ordinal(text: str, many: int) -> int | None:
    """Which of a list of `many` is meant by its number."""
    return _index(_ORDINAL.search(text), many)


def read_word_ordinal(text: str, many: int) -> int | None:
    """As `read_ordinal`, where a bare digit may mean something else: "第二个", "the second one"."""
    return _index(_WORD_ORDINAL.search(text), many)


def _index(match: re.Match[str] | None, many: int) -> int | None:
    if match is None:
        return None
    said = next(filter(None, match.groups())).casefold()
    index = _NAMES[said] if said in _NAMES else int(said) - 1
    return index if index < many else None


@dataclass(frozen=True, slots=True)
class Age:
    """An age that was said; `denied` where it is not that, or not yet."""

    years: int
    denied: bool


def read_ages(text: str) -> list[Age]:
    """The ages in an answer, each with what stands around it in its clause: "还没到12岁", "12岁不到"."""
    return [
        Age(int(number_of(match[1] or match[2])), _is_denied(text[: match.start()], text[match.end() :]))
        for match in _AGE.finditer(text)
    ]


def tells_age(text: str) -> bool:
    """Whether a number in it is surely an age."""
    return _SURELY_AGE.search(text) is not None


def _is_denied(before: str, after: str) -> bool:
    before, after = _CLAUSE.split(before)[-1], _CLAUSE.split(after)[0]
    return bool(_NOT_YET.search(before) or _NOT_YET_AFTER.search(after))


def read_old_enough(text: str, least: int) -> bool | None:
    """Whether all whose ages are said are `least` years old; None where nothing is said, or not clearly."""
    ages = read_ages(text)
    said = [age.years for age in ages if not age.denied]
    if said and min(said) < least:
        return False
    if len(said) < len(ages):
        return False if not said and min(age.years for age in ages) <= least else None
    return True if said else None


def sort_by_wish(lines: Sequence[ShiftLine], wish: Wish) -> list[ShiftLine]:
    """Those that fit the wish in full."""
    return [line for line in lines if wish.fits(line)]
