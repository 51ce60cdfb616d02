"""When nobody will be on duty: the coming two weeks of each roster, in office hours and outside of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.needs.clocks import intervals_on
from community.overview.views import View
from community.parties.models import DutyShift, Party
from community.places.models import Community
from community.roster.rights import KEPT
from community.roster.usecases import local_moment
from community.roster.weeks import find_gaps

AHEAD = 14
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class DutyGaps:
    """Hours of the coming two weeks in which a party has nobody on duty."""

    party_id: UUID
    party: dict[str, str]
    office_hours: float
    other_hours: float
    first: datetime | None


async def find_duty_gaps(session: AsyncSession, view: View, at: datetime) -> Sequence[DutyGaps]:
    """The rosters of a view, who has the most open office hours first."""
    communities = {community.id: community for community in view.communities}
    works = (Party.type.in_(KEPT), Party.ended_at.is_(None))
    wanted = select(Party).where(Party.community_id.in_(communities), *works)
    if view.party_id:
        wanted = wanted.where(Party.id == view.party_id)
    parties = (await session.scalars(wanted.order_by(Party.community_id, Party.type))).all()
    until = at + timedelta(days=AHEAD)
    spans = await _find_spans(session, [party.id for party in parties], at, until)
    found = [
        _gaps(party, communities[party.community_id], spans.get(party.id, []), at, until)
        for party in parties
        if party.community_id
    ]
    return sorted(found, key=lambda gaps: -gaps.office_hours)


async def _find_spans(
    session: AsyncSession, party_ids: Sequence[UUID], since: datetime, until: datetime
) -> dict[UUID, list[Stretch]]:
    wanted = select(DutyShift.party_id, DutyShift.starts_at, DutyShift.ends_at).where(
        DutyShift.party_id.in_(party_ids), DutyShift.starts_at < until, DutyShift.ends_at > since
    )
    found: dict[UUID, list[Stretch]] = {}
    for party_id, starts, ends in await session.execute(wanted):
        found.setdefault(party_id, []).append((starts, ends))
    return found


def _gaps(
    party: Party, community: Community, spans: list[Stretch], at: datetime, until: datetime
) -> DutyGaps:
    gaps = find_gaps(spans, at, until)
    whole = sum(_hours(gap) for gap in gaps)
    office = _office_stretches(community, at, until)
    within = sum(_shared(gap, stretch) for gap in gaps for stretch in office)
    return DutyGaps(party.id, party.name, within, whole - within, gaps[0][0] if gaps else None)


def _office_stretches(community: Community, at: datetime, until: datetime) -> list[Stretch]:
    zone = ZoneInfo(community.zone)
    first, last = at.astimezone(zone).date(), until.astimezone(zone).date()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        (
            max(at, local_moment(day, opens, zone)),
            min(until, local_moment(day if closes > opens else day + timedelta(days=1), closes, zone)),
        )
        for day in days
        for opens, closes in intervals_on(day, community.office_hours)
    ]


def _hours(stretch: Stretch) -> float:
    return max(0.0, (stretch[1] - stretch[0]).total_seconds() / 3600)


def _shared(one: Stretch, other: Stretch) -> float:
    return _hours((max(one[0], other[0]), min(one[1], other[1])))
