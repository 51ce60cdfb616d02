"""Who leads a need: confidentiality and crisis first, then the list of responsibilities, the street after two declines.

Each decision is a name with values, so that staff read in their language why a need is with them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.errors import NotFound
from community.needs.clocks import is_open
from community.needs.kinds import kind_of
from community.needs.models import Need, NeedHistory, NeedState, Urgency, Visibility
from community.parties.models import Applies, Party, PartyType
from community.places.models import Community
from community.routing.matrix import MatrixLine, find_lines_for

DECLINES_UNTIL_STREET = 2
ROUTES = frozenset(
    {
        "confidential",
        "crisis",
        "matrix",
        "place",
        "after_hours",
        "absent",
        "away",
        "nobody_there",
        "assisting",
        "committee",
        "named",
        "street",
        "street_decided",
        "errand",
    }
)
"""Why a party leads; `staff_routes.why_<name>` is the sentence."""
BY_HAND = "handed_over"
"""Another party gave it on; the story has what was written about it."""


@dataclass(frozen=True, slots=True)
class Route:
    """The party that leads and why: a name of ROUTES, and the values of its sentence."""

    party: Party
    why: str
    values: Mapping[str, object] = field(default_factory=dict)


async def choose_lead(
    session: AsyncSession, need: Need, *, named: Party | None = None, at: datetime | None = None
) -> Route:
    """The party to lead a need now; `named` is the one that a declining party says it belongs to.

    Raises NotFound where the community lacks even a committee.
    """
    if need.visibility is Visibility.CONFIDENTIAL:
        team = await get_party_of_type(session, need.community_id, PartyType.SOCIAL_WORK_TEAM)
        return Route(team, "confidential", {"party": team.name})
    if need.urgency is Urgency.CRISIS and need.declines == 0:
        committee = await get_party_of_type(session, need.community_id, PartyType.COMMITTEE)
        return Route(committee, "crisis", {"party": committee.name})
    if need.declines >= DECLINES_UNTIL_STREET:
        return await _leave_to_street(session, need)
    declined = await _find_decliners(session, need)
    if named is not None and named.id not in declined and named.community_id == need.community_id:
        return Route(named, "named", {"party": named.name})
    moment = at or now()
    lines = await find_lines_for(session, need, _when_needed(need, moment))
    return await _choose_listed(session, need, lines, declined, moment) or await _choose_committee(
        session, need, declined
    )


async def leave_ended_party(session: AsyncSession, need: Need) -> None:
    """A need that opens again is not left with a party that works no more: it is routed as if it were new."""
    party = await session.get(Party, need.lead_party_id) if need.lead_party_id else None
    if party is None or party.ended_at is None:
        return
    need.declines, need.assignee_id = 0, None
    route = await choose_lead(session, need)
    need.lead_party_id, need.routing_why, need.routing_values = route.party.id, route.why, dict(route.values)


async def _choose_listed(
    session: AsyncSession, need: Need, lines: Sequence[MatrixLine], declined: set[UUID], at: datetime
) -> Route | None:
    """Who leads by the list; an urgent need looks at lines for a closed office first."""
    urgent = need.urgency is not Urgency.NORMAL
    if urgent and (route := await _choose_after_hours(session, need, lines, declined, at)):
        return route
    line = next((line for line in lines if line.applies is Applies.ALWAYS), None)
    left = [party for party in line.asked if party.id not in declined] if line is not None else []
    if line is None or not left:
        return None
    if route := _look_who_is_there(need, left, line.there):
        return route
    assist = [party.name for party in line.assist if party is not left[0]]
    values: dict[str, object] = {"kind": kind_of(need.kind).name, "party": left[0].name, "assist": assist}
    if left[0] is not line.asked[0]:
        return Route(left[0], "assisting", values | {"declined": line.asked[0].name})
    if line.place is not None:
        return Route(left[0], "place", values | {"place": line.place.name})
    return Route(left[0], "matrix", values)


async def _choose_after_hours(
    session: AsyncSession, need: Need, lines: Sequence[MatrixLine], declined: set[UUID], at: datetime
) -> Route | None:
    """Who takes what is urgent while the office is closed, where the list says so."""
    leads = [line.lead for line in lines if line.applies is Applies.URGENT_AFTER_HOURS and line.lead]
    party = next((party for party in leads if party.id not in declined), None)
    if party is None:
        return None
    community = await session.get_one(Community, need.community_id)
    if is_open(community.office_hours, community.zone, at):
        return None
    return Route(party, "after_hours", {"kind": kind_of(need.kind).name, "party": party.name})


def _when_needed(need: Need, at: datetime) -> Sequence[datetime]:
    """When somebody has to be there: now for what is urgent, else now or when the first answer is due."""
    return (at,) if need.urgency is not Urgency.NORMAL else (at, max(at, need.first_answer_due_at))


def _look_who_is_there(need: Need, left: Sequence[Party], there: Collection[UUID]) -> Route | None:
    """The first party with somebody there, where the one whose turn it is has nobody; without any it stays with that
    one, and the sentence says that nobody is there (the reminders go to the street, community/clocks/reminding.py).
    """
    if left[0].id in there:
        return None
    values: dict[str, object] = {"kind": kind_of(need.kind).name}
    present = next((party for party in left if party.id in there), None)
    if present is None:
        return Route(left[0], "nobody_there", values | {"party": left[0].name})
    values |= {"party": present.name, "absent": left[0].name}
    if need.urgency is not Urgency.NORMAL:
        return Route(present, "absent", values)
    return Route(present, "away", values | {"due_at": need.first_answer_due_at.isoformat()})


async def _choose_committee(session: AsyncSession, need: Need, declined: set[UUID]) -> Route:
    committee = await get_party_of_type(session, need.community_id, PartyType.COMMITTEE)
    if committee.id in declined:
        return await _leave_to_street(session, need)
    return Route(committee, "committee", {"party": committee.name, "kind": kind_of(need.kind).name})


async def get_party_of_type(session: AsyncSession, community_id: UUID, kind: PartyType) -> Party:
    """A community's committee, social work team ...; raises NotFound."""
    wanted = (
        select(Party)
        .where(Party.community_id == community_id, Party.type == kind, Party.ended_at.is_(None))
        .order_by(Party.created_at)
    )
    party: Party | None = await session.scalar(wanted.limit(1))
    if party is None:
        raise NotFound("no_such_party")
    return party


async def _leave_to_street(session: AsyncSession, need: Need) -> Route:
    wanted = (
        select(Party)
        .join(Community, Community.street_id == Party.street_id)
        .where(Community.id == need.community_id, Party.type == PartyType.STREET_OFFICE)
    )
    office: Party | None = await session.scalar(wanted.limit(1))
    if office is None:
        raise NotFound("no_such_party")
    return Route(office, "street", {"party": office.name})


async def _find_decliners(session: AsyncSession, need: Need) -> set[UUID]:
    """Who declined it since it has its kind."""
    if need.declines == 0:
        return set()
    wanted = (
        select(NeedHistory.party_id)
        .where(
            NeedHistory.need_id == need.id,
            NeedHistory.to_state == NeedState.DECLINED,
            NeedHistory.event.is_(None),
        )
        .order_by(NeedHistory.id.desc())
        .limit(need.declines)
    )
    return {party_id for party_id in (await session.scalars(wanted)).all() if party_id}
