"""Who leads a need: the responsibility matrix, confidentiality first, the street office after two declines."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import NotFound
from community.needs.models import Need, NeedHistory, NeedState, Urgency, Visibility
from community.parties.models import Party, PartyType, Responsibility, Share
from community.places.models import Community

DECLINES_UNTIL_STREET = 2


@dataclass(frozen=True, slots=True)
class Route:
    """The party that leads and why; `why` is one of confidential, crisis, matrix, committee, assisting, street."""

    party: Party
    why: str


async def choose_lead(session: AsyncSession, need: Need) -> Route:
    """The party to lead a need now. Raises NotFound where the community lacks even a committee."""
    if need.visibility is Visibility.CONFIDENTIAL:
        return Route(
            await get_party_of_type(session, need.community_id, PartyType.SOCIAL_WORK_TEAM), "confidential"
        )
    if need.urgency is Urgency.CRISIS and need.declines == 0:
        return Route(await get_party_of_type(session, need.community_id, PartyType.COMMITTEE), "crisis")
    if need.declines >= DECLINES_UNTIL_STREET:
        return Route(await _get_street_office(session, need.community_id), "street")
    declined = await _find_decliners(session, need)
    for party, share in await find_shares(session, need.community_id, need.kind):
        if party.id not in declined and share is not Share.INFORM:
            return Route(party, "matrix" if share is Share.LEAD else "assisting")
    committee = await get_party_of_type(session, need.community_id, PartyType.COMMITTEE)
    if committee.id in declined:
        return Route(await _get_street_office(session, need.community_id), "street")
    return Route(committee, "committee")


async def find_shares(session: AsyncSession, community_id: UUID, kind: str) -> list[tuple[Party, Share]]:
    """The parties with a share in a kind of need, the lead first."""
    rows = await session.execute(
        select(Party, Responsibility.share)
        .join(Responsibility, Responsibility.party_id == Party.id)
        .where(Responsibility.community_id == community_id, Responsibility.kind == kind)
    )
    order = list(Share)
    return sorted(((party, share) for party, share in rows), key=lambda row: order.index(row[1]))


async def get_party_of_type(session: AsyncSession, community_id: UUID, kind: PartyType) -> Party:
    """A community's committee, social work team ...; raises NotFound."""
    wanted = (
        select(Party).where(Party.community_id == community_id, Party.type == kind).order_by(Party.created_at)
    )
    party: Party | None = await session.scalar(wanted.limit(1))
    if party is None:
        raise NotFound("no_such_party")
    return party


async def _get_street_office(session: AsyncSession, community_id: UUID) -> Party:
    wanted = (
        select(Party)
        .join(Community, Community.street_id == Party.street_id)
        .where(Community.id == community_id, Party.type == PartyType.STREET_OFFICE)
    )
    party: Party | None = await session.scalar(wanted.limit(1))
    if party is None:
        raise NotFound("no_such_party")
    return party


async def _find_decliners(session: AsyncSession, need: Need) -> set[UUID]:
    if need.declines == 0:
        return set()
    wanted = select(NeedHistory.party_id).where(
        NeedHistory.need_id == need.id,
        NeedHistory.to_state == NeedState.DECLINED,
        NeedHistory.party_id.is_not(None),
    )
    return {party_id for party_id in (await session.scalars(wanted)).all() if party_id}
