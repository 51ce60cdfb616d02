"""The sums of a view by community, side by side: what is open and late, what came, was solved, was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from community.needs.models import UNENDED
from community.overview.periods import Period
from community.overview.views import OF_VIEW, View

_OPEN = ", ".join(f"'{state}'" for state in sorted(UNENDED))
SUMS = text(f"""
    WITH present AS (
        SELECT n.community_id AS id, count(*) AS open, count(*) FILTER (WHERE n.clock_mark = 'overdue') AS late
        FROM needs n WHERE {OF_VIEW} AND n.state IN ({_OPEN}) GROUP BY 1
    ), came AS (
        SELECT n.community_id AS id, count(*) AS came
        FROM needs n WHERE {OF_VIEW} AND n.created_at >= :since AND n.created_at < :until GROUP BY 1
    ), turns AS (
        SELECT n.community_id AS id, count(*) FILTER (WHERE h.to_state = 'resolved') AS solved,
               count(*) FILTER (WHERE h.to_state = 'reopened') AS reopened
        FROM need_history h JOIN needs n ON n.id = h.need_id
        WHERE {OF_VIEW} AND h.event IS NULL AND h.to_state IN ('resolved', 'reopened')
          AND h.at >= :since AND h.at < :until
        GROUP BY 1
    ), clocks AS (
        SELECT n.community_id AS id, count(*) FILTER (WHERE c.name = 'answer') AS answers,
               count(*) FILTER (WHERE c.name = 'answer' AND c.outcome = 'met') AS answers_kept,
               count(*) FILTER (WHERE c.name = 'solution') AS solutions,
               count(*) FILTER (WHERE c.name = 'solution' AND c.outcome = 'met') AS solutions_kept
        FROM need_clocks c JOIN needs n ON n.id = c.need_id
        WHERE {OF_VIEW} AND c.outcome IN ('met', 'late') AND c.ended_at >= :since AND c.ended_at < :until
        GROUP BY 1
    )
    SELECT id, COALESCE(open, 0), COALESCE(late, 0), COALESCE(came, 0), COALESCE(solved, 0),
           COALESCE(reopened, 0), COALESCE(answers, 0), COALESCE(answers_kept, 0), COALESCE(solutions, 0),
           COALESCE(solutions_kept, 0)
    FROM unnest(:communities) AS listed (id)
    LEFT JOIN present USING (id) LEFT JOIN came USING (id) LEFT JOIN turns USING (id) LEFT JOIN clocks USING (id)
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


async def sum_up(session: AsyncSession, view: View, period: Period) -> Sequence[tuple[UUID, Sums]]:
    """The sums of each community of the view."""
    rows = await session.execute(SUMS, {**view.values, **period.values})
    return [(community_id, Sums(*counts)) for community_id, *counts in rows]
