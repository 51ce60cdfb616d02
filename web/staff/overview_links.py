"""Where a bar of the leader's view leads: the queue with the filters that make the same list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

from community.overview.load import PersonLoad
from community.overview.periods import Period, Span, period_around
from web.staff.desk import HOME

OVERVIEW = "/staff/overview"


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of the queue within a period; `party_id` where the figures are those of one party alone.

    `one_of_many`: the street office looks at one community, which the queue does not tell from the others.
    """

    period: Period
    party_id: UUID | None
    one_of_many: bool

    def open_of(self, load: PersonLoad, since: date | None, until: date | None) -> str:
        """What somebody, or nobody yet, has open of a party, reported between two days."""
        who = load.staff_id or "nobody"
        return _queue(who=who, party=load.party_id or "", since=since or "", until=until or "")

    def came_in(self, first: date, unit: str) -> str:
        """What came within a day, week or month of the period."""
        if self.one_of_many:
            return ""
        last = _last_of(first, unit)
        since, until = max(first, self.period.first), min(last, self.period.last)
        return _queue(state="any", party=self.party_id or "", since=since, until=until)

    def kind(self, code: str) -> str:
        """What came of a kind."""
        return "" if self.one_of_many else self._came(kind=code)

    def building(self, place_id: UUID) -> str:
        """What came from a building."""
        return self._came(place=place_id)

    def community(self, community_id: UUID) -> str:
        """The same figures of one community."""
        days = {"first": self.period.first, "last": self.period.last}
        own = {"period": Span.OWN.value} | days
        usual = {"period": self.period.span.value, "on": self.period.first}
        return f"{OVERVIEW}?{urlencode((own if self.period.span is Span.OWN else usual) | {'community': community_id})}"

    def party(self, party_id: UUID) -> str:
        """What came within the period and is with a party."""
        return self._came(party=party_id)

    def _came(self, **filters: object) -> str:
        usual: dict[str, object] = {"state": "any", "party": self.party_id or ""}
        return _queue(**usual | filters, since=self.period.first, until=self.period.last)


def _last_of(first: date, unit: str) -> date:
    if unit == "day":
        return first
    if unit == "week":
        return first + timedelta(days=6)
    return period_around(Span.MONTH, first, "UTC").last


def _queue(**filters: object) -> str:
    return f"{HOME}?{urlencode({'scope': 'all'} | {name: value for name, value in filters.items() if value != ''})}"
