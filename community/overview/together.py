"""How the parties work together: what was passed to whom, what opened again, and which joint parts were kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from community.overview.periods import Period
from community.overview.views import COUNTED, OF_VIEW, View
from community.routing.models import MoveKind

_WALLS = f"n.community_id = ANY(:communities) AND {COUNTED}"
MOVES = text(f"""
    SELECT m.how, f.id, f.zh, f.en, t.id, t.zh, t.en, count(DISTINCT m.need_id)
    FROM need_moves m JOIN needs n ON n.id = m.need_id
    JOIN parties f ON f.id = m.from_party_id JOIN parties t ON t.id = m.to_party_id
    WHERE {_WALLS} AND m.at >= :since AND m.at < :until AND m.from_party_id <> m.to_party_id
      AND (CAST(:party AS uuid) IS NULL OR CAST(:party AS uuid) IN (m.from_party_id, m.to_party_id))
    GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 8 DESC, f.zh, t.zh
""")  # noqa: S608 - put together from names of this program only
TURNS = text(f"""
    SELECT t.community_id, p.id, p.zh, p.en, t.step, t.solved, t.reopened
    FROM (
        SELECT n.community_id, n.lead_party_id, CAST(date_trunc(:step, h.at AT TIME ZONE :zone) AS date) AS step,
               count(*) FILTER (WHERE h.to_state = 'resolved') AS solved,
               count(*) FILTER (WHERE h.to_state = 'reopened') AS reopened
        FROM need_history h JOIN needs n ON n.id = h.need_id
        WHERE {OF_VIEW} AND h.event IS NULL AND h.to_state IN ('resolved', 'reopened')
          AND h.at >= :since AND h.at < :until
        GROUP BY 1, 2, 3
    ) t JOIN parties p ON p.id = t.lead_party_id
    ORDER BY t.step
""")  # noqa: S608 - put together from names of this program only
PARTS = text(f"""
    SELECT p.id, p.zh, p.en, count(*), count(*) FILTER (WHERE a.state IN ('accepted', 'done')),
           count(*) FILTER (WHERE a.state = 'done'), count(*) FILTER (WHERE a.state = 'refused')
    FROM need_parts a JOIN needs n ON n.id = a.need_id JOIN parties p ON p.id = a.party_id
    WHERE {_WALLS} AND a.asked_at >= :since AND a.asked_at < :until AND a.state <> 'cancelled'
      AND (CAST(:party AS uuid) IS NULL OR CAST(:party AS uuid) IN (a.party_id, n.lead_party_id))
    GROUP BY p.id, p.zh, p.en ORDER BY 4 DESC, p.zh
""")  # noqa: S608 - put together from names of this program only


@dataclass(frozen=True, slots=True)
class Moved:
    """How many needs went from one party to another in one way."""

    how: MoveKind
    from_id: UUID
    from_party: dict[str, str]
    to_id: UUID
    to_party: dict[str, str]
    count: int


@dataclass(frozen=True, slots=True)
class Turns:
    """How often needs were solved, and opened again, with one party in one step of a period that begins at `first`."""

    community_id: UUID
    party_id: UUID
    party: dict[str, str]
    first: date
    solved: int
    reopened: int


@dataclass(frozen=True, slots=True)
class Reopened:
    """How often a party's work was done, and how often it opened again."""

    party_id: UUID
    party: dict[str, str]
    solved: int
    reopened: int


@dataclass(frozen=True, slots=True)
class Parts:
    """What a party was asked to take part in: what it took on, did, refused."""

    party_id: UUID
    party: dict[str, str]
    asked: int
    accepted: int
    done: int
    refused: int


async def count_moves(session: AsyncSession, view: View, period: Period) -> Sequence[Moved]:
    """Needs that went to another party within the period, the most first; counted once each way."""
    rows = await session.execute(MOVES, {**view.values, **period.values})
    return [
        Moved(MoveKind(how), from_id, {"zh": f_zh, "en": f_en}, to_id, {"zh": t_zh, "en": t_en}, count)
        for how, from_id, f_zh, f_en, to_id, t_zh, t_en, count in rows
    ]


async def count_turns(session: AsyncSession, view: View, period: Period) -> Sequence[Turns]:
    """Solutions and reopenings within the period by community, by the party that leads, and by step."""
    rows = await session.execute(TURNS, {**view.values, **period.values})
    return [
        Turns(community, party, {"zh": zh, "en": en}, first, solved, reopened)
        for community, party, zh, en, first, solved, reopened in rows
    ]


def reopened_of(turns: Sequence[Turns]) -> Sequence[Reopened]:
    """By party, who solved most first."""
    parties = {turn.party_id: turn.party for turn in turns}
    found = [
        Reopened(
            party_id,
            party,
            sum(turn.solved for turn in turns if turn.party_id == party_id),
            sum(turn.reopened for turn in turns if turn.party_id == party_id),
        )
        for party_id, party in parties.items()
    ]
    return sorted(found, key=lambda each: -each.solved)


async def count_parts(session: AsyncSession, view: View, period: Period) -> Sequence[Parts]:
    """Joint parts that were asked for within the period, by the party that was asked."""
    rows = await session.execute(PARTS, {**view.values, **period.values})
    return [Parts(party, {"zh": zh, "en": en}, *counts) for party, zh, en, *counts in rows]
