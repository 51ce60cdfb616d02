"""What is found in the words of a person: typed facts, each with the span of the text that says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Span = tuple[int, int]


class TimeKind(StrEnum):
    """How a time is meant: once, from then until now, for so long until now, or again and again."""

    AT = "at"
    SINCE = "since"
    FOR = "for"
    EVERY = "every"


@dataclass(frozen=True, slots=True)
class PlaceFact:
    """Where: numbers as the place tree has them ("3", "a3"), and what stands on no tree.

    `beyond` are the words for what no tree holds: floor, room, landmark with its side, such as 后面垃圾房. `is_enough`
    says that the landmark leads there without a building.
    """

    span: Span
    words: str
    grid: str | None = None
    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    room: str | None = None
    beyond: str | None = None
    is_enough: bool = False


@dataclass(frozen=True, slots=True)
class TimeFact:
    """When. `start` and `end` are moments in the zone, the end is not part of it.

    since: no end. for: both, the end being the moment that it was said. every: the parts of a day that repeat are
    in the words alone, so both are None.
    """

    span: Span
    words: str
    kind: TimeKind
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class PhoneFact:
    """A phone number: its digits as dialled here, with the area code of a landline; + and the country where foreign.

    `is_contact` is False where the words before it say that it is somebody else's: an agency's, a hotline.
    """

    span: Span
    words: str
    number: str
    is_contact: bool = True


@dataclass(frozen=True, slots=True)
class PeopleFact:
    """How many people or households: at least `count`; None for "several"."""

    span: Span
    words: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was found, in the order of the text; what a person took back ("not Building 3") is left out."""

    places: tuple[PlaceFact, ...] = ()
    times: tuple[TimeFact, ...] = ()
    phones: tuple[PhoneFact, ...] = ()
    people: tuple[PeopleFact, ...] = ()
