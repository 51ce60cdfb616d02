"""The one door to the facts in a text: plain form, the four finders, and without what the person took back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from community.facts.models import Facts, PeopleFact, PhoneFact, PlaceFact, TimeFact
from community.facts.people import find_people
from community.facts.phones import find_phones
from community.facts.place_details import find_details
from community.facts.place_mentions import find_mentions, is_article
from community.facts.place_phrases import find_phrases, set_aside
from community.facts.text import plain_text
from community.facts.times import find_times

MOST_CHARACTERS = 2_000
AnyFact = TypeVar("AnyFact", PlaceFact, TimeFact, PhoneFact, PeopleFact)

_NOT = re.compile(
    r"(?:不是|并非|不在|没在|\bnot|isn't|wasn't|rather than|instead of)(?:\s(?:in|on|at|since|from|the))*\s?$"
)
_CORRECTED = re.compile(
    r"不对|错了|说错|搞错|记错|写错|打错|更正|纠正|[哦噢啊呃]不|不不|不，|(?:^|[,.;:!?-])\s?no[ ,]|wait|sorry|i mean"
    r"|actually|correction|scratch that|make that"
)
_NEAR = 14


def find_facts(text: str, moment: datetime, zone: ZoneInfo | str, *, wished: bool = False) -> Facts:
    """Place, time, phone and people in a text of any language mix.

    `moment` is when it was said (aware), `zone` where. Spans count characters of `text`; a text is read as far as
    `MOST_CHARACTERS`. `wished`: it is about what shall be, where "23号" is a day (`month_days.py`).
    """
    text = text[:MOST_CHARACTERS]
    plain = plain_text(text)
    here = moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    phones = find_phones(plain)
    plain = _without(plain, phones)
    mentions = find_mentions(plain)
    if mentions:
        mentions = [each for each in mentions if not is_article(text, each)]
    details = find_details(plain, mentions)
    places = find_phrases(text, plain, set_aside(plain, mentions, details), details)
    kept = _kept(text, plain, places)
    plain = _without(plain, [place for place in places if place.building or place.unit or place.room])
    return Facts(
        places=kept,
        times=_kept(text, plain, find_times(plain, here, wished=wished)),
        phones=_kept(text, plain, phones),
        people=_kept(text, plain, find_people(plain)),
    )


def _without(plain: str, facts: Sequence[PhoneFact] | Sequence[PlaceFact]) -> str:
    """The text with facts blanked, so that no other finder reads their digits."""
    for fact in facts:
        start, end = fact.span
        plain = plain[:start] + "#" * (end - start) + plain[end:]
    return plain


def _kept(text: str, plain: str, facts: Sequence[AnyFact]) -> tuple[AnyFact, ...]:
    """Without what was taken back, where something of the kind is left; in the words of the text."""
    kept = [fact for index, fact in enumerate(facts) if not _is_taken_back(plain, facts, index)]
    return tuple(replace(fact, words=text[slice(*fact.span)]) for fact in kept or facts)


def _is_taken_back(plain: str, facts: Sequence[AnyFact], index: int) -> bool:
    start, end = facts[index].span
    if _NOT.search(plain, max(0, start - 24), start):
        return True
    if index + 1 == len(facts):
        return False
    gap = plain[end : facts[index + 1].span[0]]
    return len(gap) <= _NEAR and _CORRECTED.search(gap) is not None
