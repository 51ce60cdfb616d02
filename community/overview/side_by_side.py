"""The sums of a view by community, side by side: what is open and late, what came, was solved, was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from community.clocks.models import ClockName
from community.needs.models import UNENDED
from community.overview.periods import Period
from community.overview.promises import Times
from community.overview.together import Turns
from community.overview.views import OF_VIEW, View

_OPEN = ", ".join(f"'{state}'" for state in sorted(UNENDED))
SUMS = text(f"""
    WITH present AS (
        SELECT n.community_id AS id, count(*) AS open, count(*) FILTER (WHERE n.clock_mark = 'overdue') AS late
        FROM needs n WHERE {OF_VIEW} AND n.state IN ({_OPEN}) GROUP BY 1
    ), came AS (
        SELECT n.community_id AS id, count(*) AS came
        FROM needs n WHERE {OF_VIEW} AND n.created_at >= :since AND n.created_at < :until GROUP BY 1
    )
    SELECT id, COALESCE(open, 0), COALESCE(late, 0), COALESCE(came, 0)
    FROM unnest(:communities) AS listed (id) LEFT JOIN present USING (id) LEFT JOIN came USING (id)
""")  # noqa: S608 - put together from names of this program only


@dataclass(frozen=True, slots=True)
class Sums:
    """Of one community, or of several together."""

    open: int = 0
    late: int = 0
    came: int = 0
    solved: int = 0
    reopened: int = 0
    answers: int = 0
    answers_kept: int = 0
    solutions: int = 0
    solutions_kept: int = 0

    def plus(self, other: Sums) -> Sums:
        """Both together."""
        return Sums(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Sums)))


async def sum_up(
    session: AsyncSession, view: View, period: Period, turns: Sequence[Turns], times: Sequence[Times]
) -> Sequence[tuple[UUID, Sums]]:
    """The sums of each community of the view, out of what was read of it already."""
    rows = await session.execute(SUMS, {**view.values, **period.values})
    return [
        (community_id, Sums(open, late, came, *_turned(turns, community_id), *_kept(times, community_id)))
        for community_id, open, late, came in rows  # noqa: A001 - the name of the figure
    ]


def _turned(turns: Sequence[Turns], community_id: UUID) -> tuple[int, int]:
    here = [turn for turn in turns if turn.community_id == community_id]
    return sum(turn.solved for turn in here), sum(turn.reopened for turn in here)


def _kept(times: Sequence[Times], community_id: UUID) -> list[int]:
    """How many answers and solutions, and how many of them in time, in the order of `Sums`."""
    found = []
    for step in (ClockName.ANSWER, ClockName.SOLUTION):
        here = [each for each in times if each.community_id == community_id and each.step is step]
        found += [sum(each.count for each in here), sum(each.kept for each in here)]
    return found
