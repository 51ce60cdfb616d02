"""Cutting a long text where a reader would: between paragraphs or sentences, never inside a sign or a link."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

Unit = Literal["characters", "bytes"]

_LINK = re.compile(r"https?://[!-~]+")
_JOINER = "\u200d"
_STAYS_WITH_IT = frozenset({"Mn", "Mc", "Me"})
_ENDS = ("\n\n", "\n", "。！？!?…", ".；;", "，,、：: \t\u3000")
"""Where to cut, the best first."""
_MOST_EMPTY = 3
"""A good place to cut is not looked for in the first third of what fits."""


def measure(text: str, unit: Unit) -> int:
    """How long a platform finds the text."""
    return len(text.encode("utf-8", "surrogatepass")) if unit == "bytes" else len(text)


def split_text(text: str, longest: int, unit: Unit = "characters") -> list[str]:
    """The text in parts of at most `longest` (4 or more), none of them empty; only white space at the cuts is lost."""
    left, parts = text.strip(), []
    while measure(left, unit) > longest:
        part = _first_part(left, longest, unit)
        parts.append(part.rstrip())
        left = left[len(part) :].lstrip()
    return [part for part in (*parts, left) if part]


def clusters(text: str) -> Iterator[str]:
    """What a reader sees as one sign, and links as a whole."""
    place = 0
    for link in _LINK.finditer(text):
        yield from _signs(text[place : link.start()])
        yield link[0]
        place = link.end()
    yield from _signs(text[place:])


def _first_part(text: str, longest: int, unit: Unit) -> str:
    """As much of the text as fits, up to the best place to cut."""
    fitting = _fitting(clusters(text), longest, unit)
    if not fitting:  # a sign that alone is too long: between its code points, which is all that is left
        fitting = _fitting(text, longest, unit)
    return "".join(fitting[: _best_cut(fitting)])


def _fitting(signs: Iterable[str], longest: int, unit: Unit) -> list[str]:
    fitting, length = [], 0
    for sign in signs:
        length += measure(sign, unit)
        if length > longest:
            break
        fitting.append(sign)
    return fitting


def _best_cut(signs: Sequence[str]) -> int:
    earliest = len(signs) // _MOST_EMPTY
    for ends in _ENDS:
        for number in range(len(signs), earliest, -1):
            if _ends_with(signs, number, ends):
                return number
    return len(signs)


def _ends_with(signs: Sequence[str], number: int, ends: str) -> bool:
    if ends == "\n\n":
        return "".join(signs[max(0, number - 2) : number]) == ends
    return signs[number - 1] in ends


def _signs(text: str) -> Iterator[str]:
    sign = ""
    for mark in text:
        if sign and not _belongs(sign, mark):
            yield sign
            sign = ""
        sign += mark
    if sign:
        yield sign


def _belongs(sign: str, mark: str) -> bool:
    """Whether the mark is drawn as part of the sign before it (after Unicode's annex 29, without its rare cases)."""
    last = sign[-1]
    if last == "\r" or mark in "\r\n":
        return last == "\r" and mark == "\n"
    if unicodedata.category(mark) in _STAYS_WITH_IT or _changes_emoji(mark):
        return True
    if last == _JOINER:
        return not mark.isspace()
    if _is_flag_letter(mark):
        return len(sign) == 1 and _is_flag_letter(last)
    return _joins_hangul(last, mark)


def _changes_emoji(mark: str) -> bool:
    """Joiners, skin tones, tags; variation selectors and key caps are marks anyway."""
    return (
        mark in "\u200c\u200d" or "\U0001f3fb" <= mark <= "\U0001f3ff" or "\U000e0020" <= mark <= "\U000e007f"
    )


def _is_flag_letter(mark: str) -> bool:
    return "\U0001f1e6" <= mark <= "\U0001f1ff"


def _joins_hangul(last: str, mark: str) -> bool:
    vowel, tail = "\u1160" <= mark <= "\u11a7", "\u11a8" <= mark <= "\u11ff"
    if "\u1100" <= last <= "\u115f":
        return vowel or "\u1100" <= mark <= "\u115f" or "\uac00" <= mark <= "\ud7a3"
    if "\u1160" <= last <= "\u11a7":
        return vowel or tail
    if "\uac00" <= last <= "\ud7a3":
        return tail or (vowel and (ord(last) - 0xAC00) % 28 == 0)
    return tail and "\u11a8" <= last <= "\u11ff"
