"""What comes in and what becomes of it: over time, by kind, by building."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from community.overview.periods import Period
from community.overview.together import Turns
from community.overview.views import ALL_OF_VIEW, OF_VIEW, View

BUILDINGS = 15
FEWEST_CONFIDENTIAL = 3
CAME = text(f"""
    WITH came AS (
        SELECT date_trunc(:step, n.created_at AT TIME ZONE :zone) AS at, count(*) AS number
        FROM needs n WHERE {OF_VIEW} AND n.created_at >= :since AND n.created_at < :until GROUP BY 1
    )
    SELECT CAST(step AS date), COALESCE(came.number, 0)
    FROM generate_series(
        date_trunc(:step, CAST(:since AS timestamptz) AT TIME ZONE :zone),
        CAST(:until AS timestamptz) AT TIME ZONE :zone - interval '1 second',
        CAST('1 ' || :step AS interval)
    ) step
    LEFT JOIN came ON came.at = step
    ORDER BY step
""")  # noqa: S608 - put together from names of this program only
_COURSE = """
    count(*) FILTER (WHERE EXISTS (
        SELECT FROM need_history h WHERE h.need_id = n.id AND h.to_state = 'declined' AND h.event IS NULL
    )), count(*) FILTER (WHERE n.rounds > 1),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', n.first_answered_at - n.created_at)),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY date_part('epoch', n.resolved_at - n.created_at))
"""
BY_KIND = text(f"""
    SELECT CASE WHEN n.visibility = 'confidential' THEN NULL ELSE n.kind END AS kind, count(*), {_COURSE}
    FROM needs n WHERE {ALL_OF_VIEW} AND n.created_at >= :since AND n.created_at < :until
    GROUP BY 1 ORDER BY 2 DESC, 1
""")  # noqa: S608 - put together from names of this program only
BY_BUILDING = text(f"""
    SELECT b.id, b.zh, b.en, n.community_id, count(*), {_COURSE}
    FROM needs n
    JOIN places p ON p.id = n.place_id
    JOIN places b ON b.id = CASE p.level WHEN 'unit' THEN p.parent_id ELSE p.id END AND b.level = 'building'
    WHERE {OF_VIEW} AND n.created_at >= :since AND n.created_at < :until AND n.visibility <> 'confidential'
    GROUP BY b.id, b.zh, b.en, n.community_id ORDER BY 5 DESC, b.zh LIMIT :most
""")  # noqa: S608 - put together from names of this program only


@dataclass(frozen=True, slots=True)
class Step:
    """A day, week or month of a period: how many needs came, were solved, were opened again."""

    first: date
    came: int
    solved: int
    reopened: int


@dataclass(frozen=True, slots=True)
class Course:
    """What became of needs that came: how many a party declined, and how many opened again; the seconds within which
    half of them had their first answer, and their solution, as the resident waits (None where none has)."""

    declined: int
    reopened: int
    answer: float | None
    solution: float | None


@dataclass(frozen=True, slots=True)
class OfKind:
    """How many needs of a kind came. What is confidential is one line without a kind: `count` None means one or two,
    and what became of it (`course`) is not told."""

    kind: str | None
    count: int | None
    course: Course | None


@dataclass(frozen=True, slots=True)
class OfBuilding:
    """How many needs came from a building; confidential ones are in no building's number."""

    place_id: UUID
    name: dict[str, str]
    community_id: UUID
    count: int
    course: Course


async def count_over_time(
    session: AsyncSession, view: View, period: Period, turns: Sequence[Turns]
) -> Sequence[Step]:
    """Every step of the period, those with nothing in it too."""
    rows = await session.execute(CAME, {**view.values, **period.values})
    return [
        Step(
            first,
            came,
            sum(turn.solved for turn in turns if turn.first == first),
            sum(turn.reopened for turn in turns if turn.first == first),
        )
        for first, came in rows
    ]


async def count_by_kind(session: AsyncSession, view: View, period: Period) -> Sequence[OfKind]:
    """The kinds, the most first; what is confidential together, and fewer than three of it without a number."""
    rows = (await session.execute(BY_KIND, {**view.values, **period.values})).all()
    return [
        OfKind(kind, None if _would_tell(kind, count) else count, Course(*course) if kind else None)
        for kind, count, *course in rows
    ]


async def count_by_building(session: AsyncSession, view: View, period: Period) -> Sequence[OfBuilding]:
    """The fifteen buildings from which most came."""
    rows = await session.execute(BY_BUILDING, {**view.values, **period.values, "most": BUILDINGS})
    return [
        OfBuilding(place, {"zh": zh, "en": en}, where, count, Course(*course))
        for place, zh, en, where, count, *course in rows
    ]


def _would_tell(kind: str | None, count: int) -> bool:
    return kind is None and count < FEWEST_CONFIDENTIAL
