"""What residents said afterwards: solved or not, and the score; by party and kind, each with its number of answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from community.overview.flow import FEWEST_CONFIDENTIAL
from community.overview.periods import Period
from community.overview.views import View

FEW = 5
"""Fewer answers than these are shown in grey: they say little."""
_ANSWERED = """
    FROM surveys s JOIN needs n ON n.id = s.need_id JOIN parties p ON p.id = s.party_id
    WHERE n.community_id = ANY(:communities) AND (CAST(:party AS uuid) IS NULL OR s.party_id = CAST(:party AS uuid))
      AND s.state = 'answered' AND s.turn = 1 AND s.answered_at >= :since AND s.answered_at < :until
"""
_SAID = "count(*), count(*) FILTER (WHERE s.solved), count(s.score), avg(s.score)"
BY_PARTY = text(
    f"SELECT p.id, p.zh, p.en, {_SAID} {_ANSWERED} GROUP BY p.id, p.zh, p.en ORDER BY 4 DESC, p.zh"
)
BY_KIND = text(
    "SELECT CASE WHEN n.visibility = 'confidential' THEN NULL ELSE n.kind END AS kind, "
    f"{_SAID} {_ANSWERED} GROUP BY 1 ORDER BY 2 DESC, 1"
)


@dataclass(frozen=True, slots=True)
class Said:
    """`count` answers: how many said solved, how many gave a score, and the mean of these."""

    count: int
    solved: int
    scored: int
    mean: float | None

    @property
    def is_few(self) -> bool:
        """Too few to say much."""
        return self.count < FEW


@dataclass(frozen=True, slots=True)
class SaidOfParty:
    """What was said of a party's work."""

    party_id: UUID
    party: dict[str, str]
    said: Said


async def rate_parties(session: AsyncSession, view: View, period: Period) -> Sequence[SaidOfParty]:
    """The first answer of each round of work counts, not the one after a call-back."""
    rows = await session.execute(BY_PARTY, {**view.values, **period.values})
    return [SaidOfParty(party, {"zh": zh, "en": en}, _said(counts)) for party, zh, en, *counts in rows]


async def rate_kinds(session: AsyncSession, view: View, period: Period) -> Sequence[tuple[str | None, Said]]:
    """By kind; what is confidential is one line without a kind, and left out below three answers."""
    rows = await session.execute(BY_KIND, {**view.values, **period.values})
    found = [(kind, _said(counts)) for kind, *counts in rows]
    return [(kind, said) for kind, said in found if kind or said.count >= FEWEST_CONFIDENTIAL]


def _said(counts: Sequence[object]) -> Said:
    count, solved, scored, mean = counts
    return Said(_whole(count), _whole(solved), _whole(scored), None if mean is None else float(str(mean)))


def _whole(value: object) -> int:
    return int(str(value))
