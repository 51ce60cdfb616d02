"""Finds what tells a place besides building and unit: floor, room, landmark, side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from community.facts.numbers import number_of
from community.facts.place_mentions import Mention
from community.facts.place_words import EN_DETAIL, ZH_DETAIL

_IN_EVERY_BUILDING = re.compile(
    r"(?:我们?|咱们?|自)家?|家|本楼|.{0,2}(?:电梯|垃圾[桶箱]|门禁|窗|水表)|.*\b(?:lift|elevator|bins?|windows?|door|flat|wall|block|building|house)\b"
)
_ON_THE_TREE = "幢"  # stands for what a mention has taken; no landmark has it in its name
_DIGITS = re.compile(r"[0-9]+")
_NUMBER = re.compile(r"[a-z]?[0-9]+[a-z]?")


@dataclass(frozen=True, slots=True)
class Detail:
    """A floor, a room, a part of the grounds (二期), or a landmark; `is_enough`: it needs no building beside it."""

    what: Literal["floor", "room", "zone", "spot"]
    start: int
    end: int
    value: str = ""
    is_enough: bool = False


def find_details(plain: str, mentions: Sequence[Mention] = ()) -> list[Detail]:
    """The details of a plain text, in their order within each language; not in the mentions of places on the tree."""
    found: list[Detail] = []
    is_english = plain.isascii()
    for mention in mentions:
        plain = plain[: mention.start] + _ON_THE_TREE * (mention.end - mention.start) + plain[mention.end :]
    if not is_english:
        found += (_detail(match) for match in ZH_DETAIL.finditer(plain))
    found += _english(plain, found)
    return found


def _english(plain: str, found: list[Detail]) -> Iterator[Detail]:
    for match in EN_DETAIL.finditer(plain):
        if all(match.end() <= each.start or match.start() >= each.end for each in found):
            yield _detail(match)


def _detail(match: re.Match[str]) -> Detail:
    start, end, kind = match.start(), match.end(), match.lastgroup
    if kind == "floor":
        return Detail("floor", start, end, _floor(match))
    if kind in ("room", "above", "hash"):
        return Detail("room", start, end, _room(match[0]))
    if kind == "zone":
        return Detail("zone", start, end)
    enough = kind == "enough" or (kind in ("sided", "side") and not _IN_EVERY_BUILDING.match(match[0]))
    return Detail(
        "spot", start, end, is_enough=enough and not match[0].startswith(("楼", "屋", "房", "门前"))
    )


def _room(said: str) -> str:
    if said.startswith("#"):
        return said[1:]
    digits = _NUMBER.search(said)
    return digits[0] if digits else number_of(said.strip("楼上下隔壁对门的室房号户家是为: "))


def _floor(match: re.Match[str]) -> str:
    """3, -1, ground: as people number floors."""
    told = match.groupdict()
    if told.get("under"):
        return f"-{number_of(told['under'])}"
    if match[0].startswith("b") and match[0][1:2].isdigit():
        return f"-{match[0][1]}"
    number = told.get("f") or told.get("f2") or match[0]
    digits = _DIGITS.search(number)
    return digits[0] if digits else number_of(number)
