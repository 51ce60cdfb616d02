"""What was promised and what was kept: times to take, answer and solve, by party; and the same over quarters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from community.clocks.models import ClockName
from community.overview.periods import Period, Span, period_around
from community.overview.views import OF_VIEW, View

QUARTERS = 6
TIMES = text(f"""
    SELECT t.name, t.community_id, p.id, p.zh, p.en, t.number, t.kept, t.took, t.promised
    FROM (
        SELECT c.name, n.community_id, n.lead_party_id, count(*) AS number,
               count(*) FILTER (WHERE c.outcome = 'met') AS kept,
               percentile_cont(ARRAY[0.5, 0.9])
                   WITHIN GROUP (ORDER BY date_part('epoch', c.ended_at - c.started_at)) AS took,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', c.due_at - c.started_at)) AS promised
        FROM need_clocks c JOIN needs n ON n.id = c.need_id
        WHERE {OF_VIEW} AND c.outcome IN ('met', 'late') AND c.name <> 'waiting'
          AND c.ended_at >= :since AND c.ended_at < :until
        GROUP BY 1, 2, 3
    ) t JOIN parties p ON p.id = t.lead_party_id
    ORDER BY t.name, t.number DESC, p.zh
""")  # noqa: S608 - put together from names of this program only
TRENDS = text(f"""
    WITH clocks AS (
        SELECT width_bucket(c.ended_at, CAST(:bounds AS timestamptz[])) AS place,
               count(*) FILTER (WHERE c.name = 'answer') AS answers,
               count(*) FILTER (WHERE c.name = 'answer' AND c.outcome = 'met') AS answers_kept,
               count(*) FILTER (WHERE c.name = 'solution') AS solutions,
               count(*) FILTER (WHERE c.name = 'solution' AND c.outcome = 'met') AS solutions_kept
        FROM need_clocks c JOIN needs n ON n.id = c.need_id
        WHERE {OF_VIEW} AND c.outcome IN ('met', 'late') AND c.ended_at >= :since AND c.ended_at < :until
        GROUP BY 1
    ), turns AS (
        SELECT width_bucket(h.at, CAST(:bounds AS timestamptz[])) AS place,
               count(*) FILTER (WHERE h.to_state = 'resolved') AS solved,
               count(*) FILTER (WHERE h.to_state = 'reopened') AS reopened
        FROM need_history h JOIN needs n ON n.id = h.need_id
        WHERE {OF_VIEW} AND h.event IS NULL AND h.to_state IN ('resolved', 'reopened')
          AND h.at >= :since AND h.at < :until
        GROUP BY 1
    )
    SELECT place, COALESCE(answers, 0), COALESCE(answers_kept, 0), COALESCE(solutions, 0),
           COALESCE(solutions_kept, 0), COALESCE(solved, 0), COALESCE(reopened, 0)
    FROM clocks FULL JOIN turns USING (place) ORDER BY place
""")  # noqa: S608 - put together from names of this program only


@dataclass(frozen=True, slots=True)
class Times:
    """How long a party took for one step; seconds as the resident waits, beside what was promised."""

    step: ClockName
    community_id: UUID
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
        Times(
            ClockName(name), community, party, {"zh": zh, "en": en}, count, kept, median, ninetieth, promised
        )
        for name, community, party, zh, en, count, kept, (median, ninetieth), promised in rows
    ]


async def count_quarters(session: AsyncSession, view: View, period: Period) -> Sequence[Quarter]:
    """The last quarters up to the one in which the period ends, those in which something ended; the oldest first."""
    quarters = [period_around(Span.QUARTER, period.last, period.zone)]
    while len(quarters) < QUARTERS:
        quarters.insert(0, quarters[0].beside(-1))
    within = {"since": quarters[0].since, "until": quarters[-1].until}
    bounds = [quarter.since for quarter in quarters]
    rows = await session.execute(TRENDS, {**view.values, **within, "bounds": bounds})
    return [Quarter(quarters[place - 1].first, *counts) for place, *counts in rows]
