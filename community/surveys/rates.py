"""How many said that it is solved, and how content they were: per party and kind, always with how many answered.

A rate of fewer than five answers says too much about each of them and is not shown outside the people who handled it.
What follows a call-back (the second turn) is counted by itself, so that a need counts once in the rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.needs.known import readable_to
from community.needs.models import Need, Visibility
from community.parties.models import Party, Role
from community.places.models import Community
from community.surveys.models import FIRST, Survey, SurveyState

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Rate:
    """What was answered about one party and kind in a time: of `answered` people `solved` said yes; stars of `scored`.

    `again` answered the survey after a call-back, `again_solved` of them with yes.
    """

    party: Party
    kind: str
    answered: int
    solved: int
    scored: int
    stars: int
    low: int
    again: int
    again_solved: int

    @property
    def may_be_shown(self) -> bool:
        """Whether enough answered that nobody is recognised in it."""
        return self.answered >= FEWEST

    @property
    def share(self) -> float | None:
        """The share of those who said yes; None where nobody answered."""
        return self.solved / self.answered if self.answered else None

    @property
    def mean(self) -> float | None:
        """The mean of the stars; None where nobody gave any."""
        return self.stars / self.scored if self.scored else None


@dataclass(frozen=True, slots=True)
class PublicRate:
    """Last month of a community, for everybody: of `answered` answers the share `percent` said that it is solved."""

    percent: int
    answered: int


async def find_rates(
    session: AsyncSession, actor: StaffActor, since: datetime, until: datetime
) -> Sequence[Rate]:
    """The rates of what the actor may read, answered from `since` to before `until`; most answers first.

    The street office and the committee see every party within their walls, others their own. Of what the actor may
    not read (confidential needs of others) nothing is counted.
    """
    wanted = (
        select(Party, Need.kind, *_sums())
        .select_from(Survey)
        .join(Need, Need.id == Survey.need_id)
        .join(Party, Party.id == Survey.party_id)
        .where(*_answered(since, until), readable_to(actor), _within(actor))
        .group_by(Party.id, Need.kind)
    )
    rows = await session.execute(wanted)
    rates = [Rate(party, kind, *sums) for party, kind, *sums in rows]
    return sorted(rates, key=lambda rate: (-rate.answered, rate.kind))


async def find_public_rate(session: AsyncSession, community: Community, at: datetime) -> PublicRate | None:
    """What residents of a community answered in the calendar month before `at`; None where fewer than five did."""
    since, until = last_month(at, community.zone)
    answered, solved = (
        await session.execute(
            select(func.count(), _count(Survey.solved.is_(True)))
            .select_from(Survey)
            .join(Need, Need.id == Survey.need_id)
            .where(*_answered(since, until), Survey.turn == FIRST, Need.community_id == community.id)
            .where(Need.visibility != Visibility.CONFIDENTIAL)
        )
    ).one()
    return PublicRate(round(100 * solved / answered), answered) if answered >= FEWEST else None


def last_month(at: datetime, zone: str) -> tuple[datetime, datetime]:
    """The calendar month before the one of `at` in a zone: its first moment, and the first after it."""
    this = at.astimezone(ZoneInfo(zone)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (this - timedelta(days=1)).replace(day=1), this


def _answered(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Survey.state == SurveyState.ANSWERED, Survey.answered_at >= since, Survey.answered_at < until)


def _within(actor: StaffActor) -> ColumnElement[bool]:
    """Others than the committee and the street office see how their own party does."""
    return true() if actor.role in (Role.COMMITTEE, Role.STREET) else Survey.party_id == actor.party_id


def _sums() -> list[ColumnElement[int]]:
    """The columns of a rate, in its order."""
    first, again = Survey.turn == FIRST, Survey.turn != FIRST
    return [
        _count(first),
        _count(and_(first, Survey.solved.is_(True))),
        _count(and_(first, Survey.score.is_not(None))),
        func.coalesce(func.sum(Survey.score).filter(first), 0),
        _count(and_(first, Survey.score <= 2)),
        _count(again),
        _count(and_(again, Survey.solved.is_(True))),
    ]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)
