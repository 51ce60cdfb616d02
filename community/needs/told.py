"""What a report says besides what and where: when, whom to call, how many people; and phones kept out of words.

A phone in a report was given to be called about this need: it is contact for this need alone, shown only to those who
may see contact, and blotted out in every place where the words are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from community.facts.models import TimeKind
from community.facts.phones import find_phones, mask
from community.facts.text import plain_text

MOST_PHONES = 3


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of a report by the names of their columns. Moments are aware; a location is in degrees (WGS 84)."""

    happened_words: str | None = None
    happened_kind: TimeKind | None = None
    happened_from: datetime | None = None
    happened_until: datetime | None = None
    contact_phones: tuple[str, ...] = ()
    people_count: int | None = None
    people_words: str | None = None
    latitude: float | None = None
    longitude: float | None = None


NOTHING_TOLD = Told()


def columns_of(told: Told, words: str, place_words: str | None) -> dict[str, Any]:
    """What is stored of a report: its facts, and its words without phones, which become contacts."""
    said = phones_in(f"{words}\n{place_words or ''}")
    return asdict(told) | {
        "words": without_phones(words),
        "place_words": without_phones(place_words) if place_words else None,
        "contact_phones": join_phones(told.contact_phones, said),
    }


def join_phones(known: Sequence[str], more: Sequence[str]) -> list[str]:
    """Each once, the known ones first, not more than a person may be reached at."""
    return list(dict.fromkeys([*known, *more]))[:MOST_PHONES]


def phones_in(words: str) -> list[str]:
    """The numbers in words at which somebody wants to be called."""
    return [phone.number for phone in find_phones(plain_text(words)) if phone.is_contact]


def without_phones(words: str) -> str:
    """The words with such numbers blotted out: 138****5678. A number of an agency or a hotline stays."""
    for phone in reversed(find_phones(plain_text(words))):
        if phone.is_contact:
            start, end = phone.span
            words = f"{words[:start]}{mask(phone.number)}{words[end:]}"
    return words
