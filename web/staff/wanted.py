"""What the address of the queue asks for, as words of an address and as the domain reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict

from community.needs.filtering import QueueFilter, Scope
from community.needs.kinds import KINDS
from community.needs.models import ClockMark, NeedState, Urgency
from community.places.models import DEFAULT_ZONE
from linli.text import clean_text
from web.staff.days import read_day
from web.staff.desk import HOME
from web.staff.menu import NEW

SCOPES = tuple(scope.value for scope in Scope)
NOBODY = "nobody"
AGES = (1, 3, 7, 14, 30)
LAST_PAGE = 1000
GROUPS: Mapping[str, tuple[NeedState, ...]] = MappingProxyType(
    {
        "open": (
            NeedState.REPORTED,
            NeedState.ROUTED,
            NeedState.REOPENED,
            NeedState.DECLINED,
            NeedState.ACCEPTED,
            NeedState.IN_PROGRESS,
        ),
        "new": tuple(NEW),
        "accepted": (NeedState.ACCEPTED,),
        "in_progress": (NeedState.IN_PROGRESS,),
        "resolved": (NeedState.RESOLVED,),
        "ended": (NeedState.CLOSED, NeedState.WITHDRAWN),
        "any": tuple(NeedState),
    }
)


def _known_id(value: object) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError:
        return ""


def _known_day(value: object) -> str:
    day = read_day(str(value))
    return day.isoformat() if day else ""


def _number(value: object, most: int) -> int:
    text = str(value)
    return min(int(text), most) if text.isdecimal() and len(text) < 7 else 0


def _one_of(*codes: str, usual: str = "") -> BeforeValidator:
    return BeforeValidator(lambda value: value if value in codes else usual)


Id = Annotated[str, BeforeValidator(_known_id)]
Day = Annotated[str, BeforeValidator(_known_day)]


class Wanted(BaseModel):
    """The parameters of the address; anything unknown falls back to the usual, so that old links still open a list.

    `who` is a colleague's id or "nobody", `older` days, `since` and `until` days of the community's calendar.
    """

    model_config = ConfigDict(frozen=True)

    scope: Annotated[str, _one_of(*SCOPES, usual=Scope.PARTY)] = Scope.PARTY.value
    state: Annotated[str, _one_of(*GROUPS, usual="open")] = "open"
    kind: Annotated[str, _one_of(*KINDS)] = ""
    urgency: Annotated[str, _one_of(*Urgency)] = ""
    mark: Annotated[str, _one_of(*ClockMark)] = ""
    place: Id = ""
    party: Id = ""
    who: Annotated[str, BeforeValidator(lambda value: NOBODY if value == NOBODY else _known_id(value))] = ""
    older: Annotated[int, BeforeValidator(lambda value: _number(value, 3650))] = 0
    since: Day = ""
    until: Day = ""
    q: Annotated[str, BeforeValidator(lambda value: clean_text(str(value))[:100])] = ""
    late: Annotated[bool, BeforeValidator(lambda value: str(value).lower() in ("true", "1", "on"))] = False
    page: Annotated[int, BeforeValidator(lambda value: _number(value, LAST_PAGE) or 1)] = 1
    done: str = ""

    @property
    def narrowed(self) -> int:
        """How many filters are set besides the queue, the state and the words."""
        return sum(
            bool(value)
            for value in (
                self.kind, self.urgency, self.mark, self.place, self.party, self.who, self.older, self.since,
                self.until,
            )
        )  # fmt: skip

    def query(self, **other: object) -> str:
        """The query of the same list with something else in it; back on the first page."""
        usual = Wanted().model_dump()
        values = self.model_dump() | {"page": 1, "done": ""} | other
        return urlencode({key: _say(value) for key, value in values.items() if value != usual[key]})

    def address(self, **other: object) -> str:
        """The address of the same list with something else in it."""
        return f"{HOME}?{self.query(**other)}".rstrip("?")

    def only_words(self) -> str:
        """The query of all needs with the same words."""
        return Wanted(scope=Scope.ALL.value, state="any", q=self.q).query()

    def cleared(self) -> str:
        """The address of the queue without any filter."""
        return f"{HOME}?{Wanted(scope=self.scope).query()}".rstrip("?")

    def filter(self, zone: str = DEFAULT_ZONE) -> QueueFilter:
        """As the domain reads it; days are those of `zone`."""
        return QueueFilter(
            scope=Scope(self.scope),
            states=frozenset(GROUPS[self.state]),
            kind=self.kind or None,
            urgency=Urgency(self.urgency) if self.urgency else None,
            mark=ClockMark(self.mark) if self.mark else None,
            place_id=_id(self.place),
            party_id=_id(self.party),
            assignee_id=_id(self.who) if self.who != NOBODY else None,
            nobody=self.who == NOBODY,
            older_days=self.older,
            since=_midnight(self.since, zone),
            before=_midnight(self.until, zone, timedelta(days=1)),
            words=self.q,
            late=self.late,
        )


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None


def _midnight(day: str, zone: str, later: timedelta = timedelta(0)) -> datetime | None:
    if not day:
        return None
    return datetime.combine(date.fromisoformat(day) + later, time(), ZoneInfo(zone))


def _say(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
