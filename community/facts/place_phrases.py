"""Puts the mentions of a text together to the one place it means: the last one, with its unit and grid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from community.facts.place_details import widen
from community.facts.place_mentions import Mention
from community.places.models import Level

Span = tuple[int, int]

_ASIDE = re.compile(
    r"(?:不是|不在|并非|我家?(?:就|是)?住在?|我家在|\bnot(?: in| at)?\s?|isn't\s?|\bi live (?:in|at)\s?)\s?$"
)
_JOINED = re.compile(r"[\s,，、的在-]{0,4}|\s(?:of|in|at)\s(?:the\s)?")
_BELONGS = re.compile(r"[\s,，的]{0,2}(?:of|in|at)?\s?(?:the\s)?")


@dataclass(slots=True)
class Said:
    """A place in the words of a text: numbers by level, and where they stand."""

    spans: list[Span] = field(default_factory=list)
    grid: str | None = None
    building: str | None = None
    unit: str | None = None


def set_aside(plain: str, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """The mentions without "not Building 3" and "I live in Building 3", where another building is left."""
    kept = [
        mention for mention in mentions if not _ASIDE.search(plain, max(0, mention.start - 20), mention.start)
    ]
    return kept if any(mention.level is Level.BUILDING for mention in kept) else mentions


def put_together(plain: str, mentions: Sequence[Mention]) -> Said:
    """Reads mentions in their order: a building begins anew, a unit belongs to the building before or right after."""
    said = Said()
    for mention in mentions:
        if mention.level is Level.BUILDING:
            said = _begin(plain, said, mention)
        elif mention.level is Level.UNIT:
            _add_unit(said, mention)
        else:
            said = Said(spans=[(mention.start, mention.end)], grid=mention.number)
    return said


def spans_with_details(plain: str, spans: Sequence[Span]) -> list[Span]:
    """Where the place stands in the text; parts that nearly touch become one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and _JOINED.fullmatch(plain, joined[-1][1], start):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [widen(plain, start, end) for start, end in joined]


def _begin(plain: str, before: Said, mention: Mention) -> Said:
    """A building; a grid or unit that stands right before it ("Unit 2, Block 3") is kept, all else forgotten."""
    span = (mention.start, mention.end)
    if (
        before.building is None
        and before.spans
        and _BELONGS.fullmatch(plain, before.spans[-1][1], mention.start)
    ):
        return Said([*before.spans, span], before.grid, mention.number, before.unit)
    return Said([span], building=mention.number)


def _add_unit(said: Said, mention: Mention) -> None:
    if said.unit is not None:
        said.spans.pop()
    said.unit = mention.number
    said.spans.append((mention.start, mention.end))
