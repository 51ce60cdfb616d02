"""Finds where a text speaks of buildings, units and grids, in all the ways people write them; knows no tree.

`matching.py` reads the mentions in their order and looks for them on the place tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from community.places.models import Level
from community.places.numbers import ARABIC, CHINESE, ENGLISH, ORDINAL, number_of


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that was named: its level, its number in the tree's form, and where in the text."""

    level: Level
    number: str
    start: int
    end: int


_NUMBER = rf"(?:{ARABIC}|{CHINESE})"
_LATIN_NUMBER = rf"(?:[0-9]{{1,3}}[a-z]?|[a-z][0-9]{{0,3}}|{ENGLISH})"
_NO = r"(?:no\.?|number|\#)?\s?"
_NTH = rf"(?:(?:no\.?|number|\#)\s?(?P<{{0}}>[0-9]{{{{1,3}}}})|(?P<{{1}}>[0-9]{{{{1,3}}}})(?:st|nd|rd|th)|(?P<{{2}}>{ORDINAL}))"


def _nth(name: str) -> str:
    return _NTH.format(f"{name}1", f"{name}2", f"{name}3")


_UNIT_AHEAD = rf"(?=\s?{_NUMBER}\s?单元)"
_FORMS = re.compile(
    rf"""
      (?<![0-9a-z:.月这那每整同另哪]) 第?\s?(?P<building1>{_NUMBER})\s?
        (?: \#?号?[楼](?<=[号\#]楼)(?!层) | (?:号|\#)?(?P<measure>[栋幢座]) | \#(?![0-9]{{3}}) | (?:楼|号|号楼|-){_UNIT_AHEAD} )
    | (?<![0-9a-z]) 第?(?P<unit1>{_NUMBER}|[东西南北中甲乙丙丁])\s?(?:号)?(?: 单元 | 门洞 )
    | (?<=[栋幢座楼\#])\s?(?P<unit2>[0-9]{{1,2}}|{CHINESE})(?: 梯(?![间口]) | 门(?![口禁卫锁前外牌铃窗]) )
    | (?<![0-9a-z]) 第?(?P<grid1>{_NUMBER})\s?号?网格 | 网格\s?(?P<grid2>[0-9]{{1,3}}|{CHINESE})
    | \b(?:building|bldg|bld|block|blk|tower)s?\.?\s?{_NO}(?P<building2>{_LATIN_NUMBER})\b
    | \b{_nth("building_nth")}\s(?:building|block|tower)\b
    | \b(?:unit|entrance|staircase|stairway|stairwell|stair)\s?{_NO}(?P<unit3>{_LATIN_NUMBER})\b
    | \b{_nth("unit_nth")}\s(?:unit|entrance|staircase|stairway|stairwell)\b
    | \bgrid\s?{_NO}(?P<grid3>{_LATIN_NUMBER})\b | \b{_nth("grid_nth")}\sgrid\b
    """,
    re.VERBOSE,
)

# 3-2-501 and 3-501; no dates, times, prices, phone numbers
_DASHED = re.compile(
    r"(?<![\w.:/+-])(?P<building>[a-z]?[1-9][0-9]{0,2})-(?:(?P<unit>[1-9][0-9]?)-)?(?P<room>[1-9][0-9]{2,3})"
    r"(?![\w:/-]|\.[0-9]|\s?(?:元|块|米|个|人|天|年|度|斤|点|分|月|日|%))(?!(?<=-(?:19|20)[0-9]{2}))"
    r"|(?<![\w.:/+-])(?P<building4>[a-z]?[1-9][0-9]{0,2})-(?P<unit4>[1-9][0-9]?)-(?P<room4>[1-9][0-9]{2,3})(?=室|房|号房)"
)

_FILLER = r"(?:[\s。.,，!！吧的呢哦啊呀哈]|please|pls)*"
_BARE = re.compile(
    rf"\s*(?:是|在|就是|住|我家|我在|我是|it's|its|it is|the|in|at)?\s*(?:第|no\.?|number|\#)?\s?"
    rf"(?P<first>{_NUMBER}|{ENGLISH}|{ORDINAL})(?:st|nd|rd|th)?\s?(?:号|\#|one)?"
    rf"(?:\s?[-/,]\s?(?P<second>[0-9]{{1,2}}))?{_FILLER}"
)

_COUNTED_THINGS = re.compile(
    r"\s?(?:cars?|spaces?|lanes?|days?|people|persons?|hours?|doors?|times|or|floors?)\b|(?:房子|别墅|建筑|大楼)"
)
_PART_OF_A_BUILDING = "下上道梯顶层里前后门"


def find_mentions(plain: str) -> list[Mention]:
    """What the text names, in order; `plain` comes from `plain_text()`."""
    found = [mention for match in _FORMS.finditer(plain) if (mention := _mention(plain, match))]
    for match in _DASHED.finditer(plain):
        found += _dashed(match)
    return sorted(found, key=lambda mention: (mention.start, mention.end))


def read_bare(plain: str, level: Level) -> list[Mention]:
    """The answer to "which building?" or "which unit?" when it is only a number, or two: `3`, `第三`, `3-2`."""
    match = _BARE.fullmatch(plain)
    if not match:
        return []
    mentions = [Mention(level, number_of(match["first"]), *match.span("first"))]
    if match["second"] and level is Level.BUILDING:
        mentions.append(Mention(Level.UNIT, number_of(match["second"]), *match.span("second")))
    return mentions


def _mention(plain: str, match: re.Match[str]) -> Mention | None:
    name, said = next((name, said) for name, said in match.groupdict().items() if said and name != "measure")
    if _COUNTED_THINGS.match(plain, match.end()) or _is_count(plain, match, said):
        return None
    level = Level(name.rstrip("0123456789").removesuffix("_nth"))
    return Mention(level, number_of(said), match.start(), match.end())


def _is_count(plain: str, match: re.Match[str], said: str) -> bool:
    """三栋楼 are three buildings, 三栋 is Building 3; 一座桥 is a bridge, B座 a building."""
    after = plain[match.end() : match.end() + 3]
    if match["measure"] == "座":
        return not re.match(
            r"$|[\s，。,.、！!？?的0-9一二三四五六七八九十东西楼大门电]", after
        ) or after.startswith("大山")
    if not match["measure"] or not after.startswith("楼") or after[1:2] in tuple(_PART_OF_A_BUILDING):
        return False
    before = plain[: match.start()][-1:]
    return not said[-1:].isascii() or before in ("有", "共") or after[1:2] in tuple("都全之中一间")


def _dashed(match: re.Match[str]) -> Iterator[Mention]:
    building, unit = match["building"] or match["building4"], match["unit"] or match["unit4"]
    name = "building" if match["building"] else "building4"
    yield Mention(Level.BUILDING, number_of(building), match.start(), match.end(name))
    if unit:
        yield Mention(Level.UNIT, number_of(unit), match.end(name), match.end())
