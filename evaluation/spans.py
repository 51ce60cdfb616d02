"""Compares what was found in a sentence with what was meant there: numbers exactly, words by how far they cover."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from evaluation.overlap import normal_form
from evaluation.scoring import Score

MAY = "?"
"""Before a value that was meant: it may be found or not. Before one that was found: right or wrong, it is no harm."""
EITHER = "="
"""Between wordings that are all right."""
COVERED = 0.5
_NUMBERED = re.compile(r"[A-Z0-9]*(?:/[A-Z0-9东西南北-]*)*")
_LEADING = re.compile(
    r"^(?:(?:since|from|until|till|to|at|in|on|by|for|around|about|ever|near|outside|behind|beside|the|a)\s+|从|自从|自|到|在|大概是?|大约)+",
    re.IGNORECASE,
)
Same = Callable[[str, str], bool]


def same_number(meant: str, found: str) -> bool:
    """The same digits; a country's code in front does not count."""
    digits = "".join(sign for sign in found if sign.isdigit())
    return digits in (meant, f"86{meant}", f"0086{meant}")


def same_words(meant: str, found: str) -> bool:
    """One holds the other and is not twice as long, words like "since" and "the" in front left out."""
    return any(_same(_core(wording), _core(found)) for wording in meant.split(EITHER))


def same_place(meant: str, found: str) -> bool:
    """Numbers of building, unit and room exactly; a place without numbers by its words."""
    wordings = meant.split(EITHER)
    if is_numbered(found) or any(is_numbered(wording) for wording in wordings):
        return found in wordings
    return same_words(meant, found)


def is_numbered(place: str) -> bool:
    """Whether it is numbers of building, unit and room."""
    return _NUMBERED.fullmatch(place.partition(EITHER)[0]) is not None


def numbered_place(building: str | None, unit: str | None, room: str | None) -> str:
    """`3/2/501`; what is not said stays empty, and is left out at the end."""
    return "/".join((part or "").upper() for part in (building, unit, room)).rstrip("/")


def score(pairs: Iterable[tuple[Sequence[str], Sequence[str]]], same: Same) -> Score:
    """The score over sentences of (meant, found). Pieces of one thing count as one."""
    counts = [_count(meant, found, same) for meant, found in pairs]
    right, found, meant = (sum(part) for part in zip(*counts, strict=True)) if counts else (0, 0, 0)
    return Score(right, found, meant)


def _count(meant: Sequence[str], found: Sequence[str], same: Same) -> tuple[int, int, int]:
    """(right, found, meant) of one sentence."""
    left = [value.removeprefix(MAY) for value in found]
    harmless = {value.removeprefix(MAY) for value in found if value.startswith(MAY)}
    right = wanted = 0
    for value in meant:
        hits = _find_hits(value.removeprefix(MAY), left, same)
        left = [each for each in left if each not in hits]
        wanted += not value.startswith(MAY)
        right += bool(hits) and not value.startswith(MAY)
    extra = [each for each in left if each not in harmless]
    return right, right + len(extra), wanted


def _find_hits(value: str, found: Sequence[str], same: Same) -> list[str]:
    """What was found of this value: the same, and pieces of it, where together they are most of it."""
    hits = [each for each in found if same(value, each)]
    if same is same_number or is_numbered(value):
        return hits
    pieces = [each for each in found if _core(each) and _core(each) in _core(value)]
    covered = sum(len(_core(each)) for each in pieces)
    return [*hits, *pieces] if hits or covered >= COVERED * len(_core(value)) else []


def _same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return bool(short) and short in long and len(short) >= COVERED * len(long)


def _core(words: str) -> str:
    return normal_form(_LEADING.sub("", words.strip()))
