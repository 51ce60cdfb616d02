"""What somebody typed into a search field: a code, a phone number, places and words, in any order.

"3号楼 电梯", "3-2", "K7M2Q", "13812345678", "lift block 3".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from community.facts.place_mentions import Mention, find_mentions
from community.facts.text import plain_text
from community.needs.codes import ALPHABET
from community.places.models import Level
from community.search.phones import find_phone, term_of_phone
from community.search.places import terms_of_mentions
from community.search.terms import terms_of

MOST_TERMS = 24
_CODE = re.compile(rf"[{ALPHABET}]{{5}}")
_DASHED = re.compile(r"(?<!\S)([0-9]{1,3}[a-z]?)-([0-9]{1,2})(?!\S)")


@dataclass(frozen=True, slots=True)
class Sought:
    """What is sought: every one of `terms`; or the need of this code; or whoever is called at `phone` (a term)."""

    terms: tuple[str, ...] = ()
    code: str | None = None
    phone: str | None = None

    def __bool__(self) -> bool:
        """Whether anything can be looked for."""
        return bool(self.terms)


def read_sought(typed: str) -> Sought:
    """Read a search field; what holds no letter and no digit seeks nothing."""
    plain = plain_text(typed).strip()
    code = plain.upper().lstrip("#")
    phone = find_phone(plain)
    mentions = [*find_mentions(plain), *_dashed(plain)]
    words = terms_of(_without(plain, mentions)) if phone is None else terms_of(plain)
    places = terms_of_mentions(mentions) if phone is None else []
    return Sought(
        terms=tuple(dict.fromkeys([*places, *words]))[:MOST_TERMS],
        code=code if _CODE.fullmatch(code) else None,
        phone=term_of_phone(phone) if phone else None,
    )


def _dashed(plain: str) -> list[Mention]:
    """3-2 is unit 2 of building 3."""
    return [
        Mention(level, match[group], *match.span(group))
        for match in _DASHED.finditer(plain)
        for level, group in ((Level.BUILDING, 1), (Level.UNIT, 2))
    ]


def _without(plain: str, mentions: list[Mention]) -> str:
    """The text with a gap where a place is named."""
    for mention in mentions:
        gap = " " * (mention.end - mention.start)
        plain = plain[: mention.start] + gap + plain[mention.end :]
    return plain
