"""What residents said afterwards, put together by party and by kind out of the rates of community/surveys/rates.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.overview.periods import Period
from community.overview.views import View
from community.parties.models import Party
from community.surveys.rates import FEWEST, Rate, find_rates

Of = TypeVar("Of")


@dataclass(frozen=True, slots=True)
class Said:
    """`answered` people: how many said that it is solved, how many gave stars, and the mean of these."""

    answered: int
    solved: int
    scored: int
    mean: float | None

    @property
    def is_few(self) -> bool:
        """Too few to say much; shown in grey."""
        return self.answered < FEWEST


@dataclass(frozen=True, slots=True)
class Voices:
    """Who said what, of the work of parties and of kinds of needs; the most answers first."""

    parties: Sequence[tuple[Party, Said]]
    kinds: Sequence[tuple[str, Said]]


async def find_voices(session: AsyncSession, actor: StaffActor, view: View, period: Period) -> Voices:
    """The answers within a period about needs of the view; of what the actor may not read nothing is counted."""
    within = {community.id for community in view.communities}
    found = await find_rates(session, actor, period.since, period.until)
    rates = [rate for rate in found if rate.answered and rate.party.community_id in within]
    parties = {rate.party.id: rate.party for rate in rates}
    by_party = [
        (party, _add([rate for rate in rates if rate.party.id == key])) for key, party in parties.items()
    ]
    kinds = dict.fromkeys(rate.kind for rate in rates)
    by_kind = [(kind, _add([rate for rate in rates if rate.kind == kind])) for kind in kinds]
    return Voices(_most_first(by_party), _most_first(by_kind))


def _add(rates: Sequence[Rate]) -> Said:
    scored = sum(rate.scored for rate in rates)
    stars = sum(rate.stars for rate in rates)
    return Said(
        answered=sum(rate.answered for rate in rates),
        solved=sum(rate.solved for rate in rates),
        scored=scored,
        mean=stars / scored if scored else None,
    )


def _most_first(said: Sequence[tuple[Of, Said]]) -> Sequence[tuple[Of, Said]]:
    return sorted(said, key=lambda pair: -pair[1].answered)
