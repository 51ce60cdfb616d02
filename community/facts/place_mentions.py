"""Finds where a text speaks of buildings, units and grids, in all the ways people write them; knows no tree.

`matching.py` reads the mentions in their order and looks for them on the place tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from community.facts.numbers import ARABIC, CHINESE, ENGLISH, ORDINAL, number_of
from community.places.models import Level


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that was named: its level, its number in the tree's form, and where in the text; 3-2-501 has a room."""

    level: Level
    number: str
    start: int
    end: int
    room: str | None = None


# Each pattern has a group `n` (or `m`), the number; all run over plain text (half-width, lower case). ASCII: a Latin
# word ends where Chinese begins.
_ZH = rf"(?<![0-9a-z:.月这那每整同另哪])第?\s?(?P<n>{ARABIC}|{CHINESE})\s?"
_EN = rf"[\s:-]?(?:no\.?|number|#)?\s?(?P<n>[0-9]{{1,3}}[a-z]?|(?<![a-z])[a-z][0-9]{{0,3}}|{ENGLISH})\b"
_NTH = (
    r"(?:(?:\bno\.?|\bnumber|#)\s?(?P<n>[0-9]{1,3})"
    rf"|\b(?P<m>[0-9]{{1,3}}(?=st|nd|rd|th)|{ORDINAL})(?:st|nd|rd|th)?)\s"
)
_UNIT_FOLLOWS = rf"(?=\s?(?:{ARABIC}|{CHINESE})\s?单元)"
_EN_BUILDING, _EN_UNIT = (
    r"(?:buildings?|bldgs?|bld|blocks?|blks?|towers?|house|villa)",
    r"(?:unit|entrance|staircase|stairway|stairwell)",
)

_GOES_ON = (
    r"(?=\s*(?:[,.;!?]|$)|\s(?:is|has|are|was|smells?|stinks?|again|and|last|this|yesterday|today|tonight|on"
    r"|the|lobby|lift|there|with|no|all|since|every|for)\b)"
)
_BARE_AFTER = (
    r"\b(?:number|(?:behind|opposite|outside|beside|next\sto|near|in\sfront\sof|(?:lobby|roof|rooftop|entrance|stairs|stairwell|staircase|basement|corridor|hallway|hall|back|side|lift|elevator|door|front|gate|garden|unit\s[0-9]|entrance\s[0-9])\s(?:of|in|at))(?:\s(?:no\.?|number))?)"
    rf"\s(?P<n>[0-9]{{1,2}}){_GOES_ON}"
)
_NUMBER_ALONE = rf"(?:^|\b(?:in|at|of|behind|outside|near|opposite)\s)no\.?\s?(?P<n>[0-9]{{1,2}}){_GOES_ON}"
_HOME_ALONE = (
    r"(?:(?<=live (?:at|in) )|(?<=lives (?:at|in) )|(?<=from ))(?P<n>[0-9]{1,2})"
    r"(?=,?\s(?:unit|entrance|flat|room)\s[0-9])"
)
# "The ground floor of 9", but no "water on the floor at 8 this morning".
_NAMED_FLOORS = (
    "ground",
    "top",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "[0-9](?:st|nd|rd|th)",
)
_ON_A_FLOOR_OF = "|".join(f"(?<={name} floor {of} )" for name in _NAMED_FLOORS for of in ("of", "in", "at"))
_FLOOR_OF = (
    rf"(?:{_ON_A_FLOOR_OF})(?P<n>[0-9]{{1,2}})\b(?!\s?(?:[%:.]|(?:st|nd|rd|th|floors?|stores?|[ap]\.?m|minutes?|hours?"
    r"|days?|rooms?|people|o'?clock|this|last|yesterday|today|tonight|in\sthe)\b))"
)
_LIST = rf"(?:{ARABIC}|{CHINESE})"
_YARD = rf"号院(?!里?的?\s?第?{_LIST}\s?(?:号楼|[栋幢座]))"  # 二号院五号楼 is Building 5
_FORMS = tuple(
    (level, re.compile(pattern, re.ASCII))
    for level, pattern in (
        (
            Level.BUILDING,
            rf"{_ZH}(?:[号好浩]\s?[楼搂娄](?!层)|号[栋幢]|{_YARD}|\#[楼栋幢]|\#(?![0-9]{{3}}|[0-9]{{1,2}}-[0-9]))",
        ),
        (Level.BUILDING, rf"{_ZH}[栋幢座]"),
        (Level.BUILDING, rf"{_ZH}号\s?(?:building|block|bldg|tower)\b"),
        (
            Level.BUILDING,
            rf"{_ZH}[动洞冻懂](?=\s?(?:{ARABIC}|{CHINESE})\s?[单但][元园员]|的?(?:电梯|楼[下道顶]|门口|大堂|[前后]面|旁边))",
        ),
        (Level.BUILDING, r"(?<![0-9a-z:.])(?P<n>[0-9]{1,2})\#(?=[0-9]{3,4}(?![0-9]))"),
        (Level.BUILDING, rf"(?<![点时分]){_ZH}号?(?=\s?[、,和到至与及跟-]\s?{_LIST}(?:号[楼栋]|[栋幢座]))"),
        (Level.BUILDING, rf"{_ZH}(?:楼|号|-){_UNIT_FOLLOWS}"),
        (Level.BUILDING, rf"\b{_EN_BUILDING}\.?{_EN}"),
        (Level.BUILDING, rf"{_NTH}{_EN_BUILDING}\b"),
        (Level.BUILDING, _BARE_AFTER),
        (Level.BUILDING, _NUMBER_ALONE),
        (Level.BUILDING, _HOME_ALONE),
        (Level.BUILDING, _FLOOR_OF),
        (Level.BUILDING, r"\b(?P<n>[0-9]{1,2}|[b-hj-r])\s(?:building|bldg|block|blk|tower)\b(?!\s[0-9])"),
        (Level.BUILDING, r"(?:\bno\.?|\bnumber|#)\s?(?P<n>[0-9]{1,3}),?\s(?=(?:unit|entrance)\s)"),
        (
            Level.BUILDING,
            r"(?<![0-9])(?P<n>[0-9]{1,2}|[一二三四五六七八九十]{1,3})杠(?=[0-9一二三四五六七八九]{1,2}杠)",
        ),
        (Level.UNIT, r"(?<=杠)(?P<n>[0-9]{1,2}|[一二三四五六七八九])杠(?=[0-9一二三四五六七八九零]{3,4})"),
        (Level.UNIT, rf"{_ZH}(?:[单但][元园员]|门洞)"),
        (Level.UNIT, r"(?P<n>[东西南北中甲乙丙丁])单元"),
        (
            Level.UNIT,
            rf"(?<=[栋幢座楼#])(?P<n>[0-9]{{1,2}}|{CHINESE})(?:梯(?![间口])|门(?![口禁卫锁前外牌铃窗]))",
        ),
        (Level.UNIT, rf"\b{_EN_UNIT}{_EN}"),
        (Level.UNIT, rf"{_NTH}{_EN_UNIT}\b"),
        (Level.GRID, rf"{_ZH}号?网格"),
        (Level.GRID, rf"\bgrid{_EN}"),
        (Level.GRID, rf"{_NTH}grid\b"),
    )
)

# Blocks 3, 5 and 7: what follows the first.
_EN_NUMBER = rf"(?:[0-9]{{1,3}}[a-z]?|[a-z]|{ENGLISH})\b"
_EN_LIST = re.compile(
    rf"\b(?:buildings|bldgs|blocks|blks|towers)\s\#?{_EN_NUMBER}((?:\s?(?:,|and|&|to|-)\s?(?:and\s)?\#?{_EN_NUMBER})+)"
)
_EN_BETWEEN = re.compile(
    r"\bbetween\s(?:no\.?\s|number\s)?([0-9]{1,2})\sand\s(?:no\.?\s|number\s)?([0-9]{1,2})\b"
    r"(?![:.]?[0-9]|\s?(?:[ap]\.?m|o'?clock|in\sthe|at\snight|every|each|this|last|yesterday|on|today|people|days|hours|years|minutes|"
    r"weeks|times|kids|%|midnight|noon))"
)
_OF_GROUNDS = re.compile(
    r"\b(?:walkway|path|footpath|space|gap|lawn|garden|area|road|lane|alley|parking|stairs|lights?|lamps?|rubbish|trash|garbage|bins?|grass|"
    r"ground|wall|fence|tree|trees|bench|puddle|hole|drain|manhole|cars?|bikes?|scooters?|somewhere|corridor|hedge|yard)"
    r"(?:\s[a-z]+){0,2}\s$"
)
_EN_LISTED = re.compile(rf"\b{_EN_NUMBER}")

# 3-2-501 and 3-501, but no dates, times, prices or phone numbers.
_DASHED = re.compile(
    r"(?<![0-9a-z.:/+-])(?P<building>[a-z]?[1-9][0-9]{0,2})(?:[-/](?P<unit>[1-9][0-9]?))?[-/](?P<room>[1-9][0-9]{2,3})"
    r"(?![0-9a-z:/-]|\.[0-9]|\s?(?:[元块米个年度斤点分月日%]|人(?!家)|天(?![天花])))"
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")

_BARE = re.compile(
    rf"\s*(?:(?:就?是|我?在|我?住|我家|it's|its|it is|in|at)\s*)?(?:(?:the|第|no\.?|number|#)\s?)?"
    rf"(?P<n>{ARABIC}|{CHINESE}|{ENGLISH}|{ORDINAL})(?:st|nd|rd|th)?\s?(?:号|#|one)?"
    r"(?:\s?[-/,]\s?(?P<unit>[0-9]{1,2}))?(?:[\s。.,!吧的呢哦啊呀哈]|please|pls)*"
)

_COUNTED = re.compile(
    r"\s(?:cars?|spaces?|lanes?|days?|people|hours?|doors?|times|or|floors?)\b|房子|别墅|大楼"
)
_INSIDE = tuple("下上道梯顶层里前后门")
_NO_SEAT = re.compile(
    r"[桥山城塔坟庙亭碑像位谈椅标垫钟房]|垃圾山|大[山桥]|小[桥山]|雕|假山|凉亭|高楼|石|右铭"
)


def find_mentions(plain: str) -> list[Mention]:
    """What the text names, in order; `plain` comes from `plain_text()`."""
    found = [
        Mention(level, number_of(match["n"] or match.groupdict()["m"]), match.start(), match.end())
        for level, form in _FORMS
        for match in form.finditer(plain)
        if not _is_count(plain, match)
    ]
    for match in _DASHED.finditer(plain):
        found += _read_dashed(match)
    for match in _EN_LIST.finditer(plain):
        found += _read_list(plain, match)
    for match in _EN_BETWEEN.finditer(plain):
        if _OF_GROUNDS.search(plain, max(0, match.start() - 24), match.start()):
            found += (Mention(Level.BUILDING, number_of(match[n]), *match.span(n)) for n in (1, 2))
    found.sort(key=lambda mention: (mention.start, -mention.end))
    return [each for each, before in zip(found, [None, *found], strict=False) if not _is_within(each, before)]


def is_article(text: str, mention: Mention) -> bool:
    """ "They block a car" names no Block A, "the block I live in" no Block I; `text` is as it was written."""
    if re.match(r"a\s(?:has|is|was|had|lobby|lift|unit|entrance|stair|roof)", text[mention.end - 1 :]):
        return False
    return mention.number in ("a", "i") and re.match(r"[aiI]\s+[a-z]", text[mention.end - 1 :]) is not None


def _is_within(mention: Mention, before: Mention | None) -> bool:
    """Whether a form has found a part of what another form found, such as "12 building" in "no. 12 building"."""
    return before is not None and mention.end <= before.end and mention.level is before.level


def read_bare(plain: str, level: Level) -> list[Mention]:
    """The answer to "which building?" or "which unit?" when it is only a number, or two: `3`, `第三`, `3-2`."""
    match = _BARE.fullmatch(plain)
    if not match:
        return []
    mentions = [Mention(level, number_of(match["n"]), *match.span("n"))]
    if match["unit"] and level is Level.BUILDING:
        mentions.append(Mention(Level.UNIT, number_of(match["unit"]), *match.span("unit")))
    return mentions


def _is_count(plain: str, match: re.Match[str]) -> bool:
    """三栋楼 are three buildings and 三栋 is Building 3; 一座桥 is a bridge and B座 a building; block 3 cars."""
    if _COUNTED.match(plain, match.end()):
        return True
    measure, after = plain[match.end() - 1], plain[match.end() : match.end() + 2]
    if measure == "座":
        return _NO_SEAT.match(plain, match.end()) is not None
    if measure not in "栋幢" or not after.startswith("楼") or after[1:] in _INSIDE:
        return False
    return (
        not match["n"].isascii()
        or plain[: match.start()].endswith(("有", "共"))
        or after[1:] in tuple("都全之中一间")
    )


def _read_list(plain: str, match: re.Match[str]) -> Iterator[Mention]:
    for number in _EN_LISTED.finditer(plain, match.start(1), match.end()):
        if number[0] not in ("and", "to"):
            yield Mention(Level.BUILDING, number_of(number[0]), *number.span())


def _read_dashed(match: re.Match[str]) -> Iterator[Mention]:
    if _YEAR.fullmatch(match["room"]):
        return
    building, unit, room = match["building"], match["unit"], match["room"]
    if not unit and match.string[: match.start()].rstrip().endswith(("栋", "幢", "座", "楼", "#")):
        yield Mention(Level.UNIT, number_of(building), *match.span(), room)
        return
    if not unit:
        yield Mention(Level.BUILDING, number_of(building), *match.span(), room)
        return
    yield Mention(Level.BUILDING, number_of(building), *match.span("building"))
    yield Mention(Level.UNIT, number_of(unit), match.start("unit"), match.end(), room)
