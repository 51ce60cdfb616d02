"""A street as an operator writes it down: communities with hours, buildings and parties; checked before a row is made.

docs/street.yml is an example. `settling.py` writes it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import time
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from community.needs.clocks import WEEKDAYS
from community.parties.models import PartyType
from community.places.models import DEFAULT_ZONE, Hours

NEEDED = (PartyType.COMMITTEE, PartyType.SOCIAL_WORK_TEAM)
MOST_UNITS = 99
_SPAN = re.compile(r"^\s*(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)\s*$")

Name = Annotated[str, Field(min_length=1, max_length=80)]
Phone = Annotated[str, Field(pattern=r"^\+?\d[\d -]{1,18}$")]
Number = Annotated[str, BeforeValidator(str), Field(min_length=1, max_length=20)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Named(_Part):
    """Something with a name in both languages, and perhaps a phone."""

    zh: Name
    en: Name
    phone: Phone | None = None


class PlannedParty(Named):
    """A party of a community."""

    type: PartyType


class PlannedGrid(_Part):
    """A grid with its buildings: number of the building, and how many units it has."""

    number: Number
    buildings: dict[Number, Annotated[int, Field(ge=0, le=MOST_UNITS)]]


class PlannedCommunity(Named):
    """A community with its office hours by weekday (`mon`, or `mon-fri`), each a list like "08:30-12:00"."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,19}$")]
    zone: str = DEFAULT_ZONE
    hours: Hours
    grids: list[PlannedGrid]
    parties: list[PlannedParty]

    @field_validator("zone")
    @classmethod
    def check_zone(cls, zone: str) -> str:
        """One that the world knows."""
        if zone not in available_timezones():
            raise ValueError("no such time zone; China's is Asia/Shanghai")
        return zone

    @field_validator("hours", mode="before")
    @classmethod
    def read_hours(cls, hours: object) -> Hours:
        """By weekday, each opening as a pair."""
        if not isinstance(hours, Mapping):
            raise ValueError("weekdays with openings are expected, such as mon-fri: ['08:30-12:00']")
        return {
            day: [_opening(span) for span in spans] for days, spans in hours.items() for day in _days(days)
        }

    @model_validator(mode="after")
    def check_whole(self) -> PlannedCommunity:
        """Every need has somebody who leads it, and every building is there once."""
        types = {party.type for party in self.parties}
        if missing := [kind.value for kind in NEEDED if kind not in types]:
            raise ValueError(f"parties: a community needs {' and '.join(missing)}")
        if PartyType.STREET_OFFICE in types:
            raise ValueError("parties: the street office stands under street, not in a community")
        buildings = Counter(number for grid in self.grids for number in grid.buildings)
        if doubled := [number for number, count in buildings.items() if count > 1]:
            raise ValueError(f"grids: building {', '.join(doubled)} is there twice")
        return self


class StreetPlan(_Part):
    """The whole street."""

    street: Named
    communities: Annotated[list[PlannedCommunity], Field(min_length=1)]

    @model_validator(mode="after")
    def check_codes(self) -> StreetPlan:
        """Each community has a code of its own."""
        codes = Counter(community.code for community in self.communities)
        if doubled := [code for code, count in codes.items() if count > 1]:
            raise ValueError(f"communities: the code {', '.join(doubled)} is there twice")
        return self


def _days(days: object) -> Iterator[str]:
    first, _, last = str(days).partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
        raise ValueError(f"{days}: {', '.join(WEEKDAYS)} or a span like mon-fri is expected")
    yield from WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last or first) + 1]


def _opening(span: object) -> list[str]:
    match = _SPAN.match(str(span))
    if match is None:
        raise ValueError(f"{span}: an opening like 08:30-12:00 is expected")
    opens, closes = match.groups()
    if time.fromisoformat(opens) >= time.fromisoformat(closes):
        raise ValueError(f"{span}: it closes before it opens")
    return [opens, closes]
