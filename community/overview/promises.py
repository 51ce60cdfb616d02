"""What was promised and what was kept: times to take, answer and solve, by party; and the same over quarters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from community.clocks.models import ClockName
from community.overview.periods import Period
from community.overview.views import OF_VIEW, View

QUARTERS = 6
TIMES = text(f"""
    SELECT c.name, p.id, p.zh, p.en, count(*), count(*) FILTER (WHERE c.outcome = 'met'),
           percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM c.ended_at - c.started_at)),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM c.due_at - c.started_at))
    FROM need_clocks c JOIN needs n ON n.id = c.need_id JOIN parties p ON p.id = n.lead_party_id
    WHERE {OF_VIEW} AND c.outcome IN ('met', 'late') AND c.name <> 'waiting'
      AND c.ended_at >= :since AND c.ended_at < :until
    GROUP BY c.name, p.id, p.zh, p.en ORDER BY c.name, count(*) DESC, p.zh
""")  # noqa: S608 - put together from names of this program only
TRENDS = text(f"""
    WITH quarters AS (
        SELECT CAST(q AS date) AS first FROM generate_series(
            date_trunc('quarter', CAST(:until AS timestamptz) AT TIME ZONE :zone - interval '1 second')
                - make_interval(months => 3 * (:quarters - 1)),
            CAST(:until AS timestamptz) AT TIME ZONE :zone - interval '1 second', interval '3 months') q
    ), bounds AS (
        SELECT CAST(min(first) AS timestamp) AT TIME ZONE :zone AS since FROM quarters
    ), clocks AS (
        SELECT CAST(date_trunc('quarter', c.ended_at AT TIME ZONE :zone) AS date) AS first,
               count(*) FILTER (WHERE c.name = 'answer') AS answers,
               count(*) FILTER (WHERE c.name = 'answer' AND c.outcome = 'met') AS answers_kept,
               count(*) FILTER (WHERE c.name = 'solution') AS solutions,
               count(*) FILTER (WHERE c.name = 'solution' AND c.outcome = 'met') AS solutions_kept
        FROM need_clocks c JOIN needs n ON n.id = c.need_id
        WHERE {OF_VIEW} AND c.outcome IN ('met', 'late') AND c.ended_at < :until
          AND c.ended_at >= (SELECT since FROM bounds)
        GROUP BY 1
    ), turns AS (
        SELECT CAST(date_trunc('quarter', h.at AT TIME ZONE :zone) AS date) AS first,
               count(*) FILTER (WHERE h.to_state = 'resolved') AS solved,
               count(*) FILTER (WHERE h.to_state = 'reopened') AS reopened
        FROM need_history h JOIN needs n ON n.id = h.need_id
        WHERE {OF_VIEW} AND h.event IS NULL AND h.to_state IN ('resolved', 'reopened') AND h.at < :until
          AND h.at >= (SELECT since FROM bounds)
        GROUP BY 1
    )
    SELECT first, COALESCE(answers, 0), COALESCE(answers_kept, 0), COALESCE(solutions, 0),
           COALESCE(solutions_kept, 0), COALESCE(solved, 0), COALESCE(reopened, 0)
    FROM quarters LEFT JOIN clocks USING (first) LEFT JOIN turns USING (first) ORDER BY first
""")  # noqa: S608 - put together from names of this program only


@dataclass(frozen=True, slots=True)
class Times:
    """How long a party took for one step; seconds as the resident waits, beside what was promised."""

    step: ClockName
    party_id: UUID
    party: dict[str, str]
    count: int
    kept: int
    median: float
    ninetieth: float
    promised: float

    @property
    def share(self) -> float:
        """Which share was kept, 0 to 1."""
        return self.kept / self.count


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter: answers and solutions with how many were in time, what was solved and what opened again."""

    first: date
    answers: int
    answers_kept: int
    solutions: int
    solutions_kept: int
    solved: int
    reopened: int


async def measure_times(session: AsyncSession, view: View, period: Period) -> Sequence[Times]:
    """By step and party; only clocks that ended within the period by being met or by what came too late."""
    rows = await session.execute(TIMES, {**view.values, **period.values})
    return [
        Times(ClockName(name), party, {"zh": zh, "en": en}, count, kept, median, ninetieth, promised)
        for name, party, zh, en, count, kept, (median, ninetieth), promised in rows
    ]


async def count_quarters(session: AsyncSession, view: View, period: Period) -> Sequence[Quarter]:
    """The quarters up to the end of the period, the oldest first."""
    rows = await session.execute(TRENDS, {**view.values, **period.values, "quarters": QUARTERS})
    return [Quarter(*row) for row in rows]
