"""Who has how much open, and for how long: per person, and side by side for the communities of a street."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from community.needs.models import UNENDED
from community.overview.periods import midnight
from community.overview.views import ALL_OF_VIEW, View

AGES = (2, 7, 30)
"""Days before today: reported since then, or before the last of them."""
_OPEN = ", ".join(f"'{state}'" for state in sorted(UNENDED))
LOADS = text(f"""
    SELECT n.hidden, p.id, p.zh, p.en, s.id, s.name,
           count(*) FILTER (WHERE n.created_at >= :young),
           count(*) FILTER (WHERE n.created_at < :young AND n.created_at >= :middle),
           count(*) FILTER (WHERE n.created_at < :middle AND n.created_at >= :old),
           count(*) FILTER (WHERE n.created_at < :old)
    FROM (
        SELECT n.created_at, n.lead_party_id, n.assignee_id,
               CAST(:party AS uuid) IS NULL AND n.visibility = 'confidential' AS hidden
        FROM needs n WHERE {ALL_OF_VIEW} AND n.state IN ({_OPEN})
    ) n
    LEFT JOIN parties p ON p.id = n.lead_party_id AND NOT n.hidden
    LEFT JOIN staff s ON s.id = n.assignee_id AND NOT n.hidden
    GROUP BY n.hidden, p.id, p.zh, p.en, s.id, s.name
    ORDER BY count(*) DESC, s.name
""")  # noqa: S608 - put together from names of this program only


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """What one person, or (None) nobody yet, has open of a party's needs, by age.

    Who does not lead the party that handles what is confidential sees of it one line with `hidden`, of no person.
    """

    hidden: bool
    party_id: UUID | None
    party: dict[str, str]
    staff_id: UUID | None
    name: str | None
    by_age: tuple[int, ...]

    @property
    def open(self) -> int:
        """All together."""
        return sum(self.by_age)


def bounds_of_ages(today: date) -> list[tuple[date | None, date | None]]:
    """The first and the last day of each age, the youngest first; None where it has no end."""
    first = [today - timedelta(days=days) for days in AGES]
    return list(zip([*first, None], [None, *(day - timedelta(days=1) for day in first)], strict=True))


async def find_loads_by_age(session: AsyncSession, view: View, today: date) -> Sequence[PersonLoad]:
    """The open needs of a view by person, the most first."""
    first = [midnight(day, view.zone) for day, _ in bounds_of_ages(today) if day]
    ages = dict(zip(("young", "middle", "old"), first, strict=True))
    rows = await session.execute(LOADS, {**view.values, **ages})
    return [
        PersonLoad(hidden, party_id, {"zh": zh or "", "en": en or ""}, staff_id, name, tuple(counts))
        for hidden, party_id, zh, en, staff_id, name, *counts in rows
    ]
