"""Writes a planned street: what is new is made, what is there gets the plan's names, phones and hours, nothing goes.

Run again after the plan was changed; needs, people and what staff have changed in the list of responsibilities stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM, Actor
from community.canned.founding import found_canned
from community.errors import NotAllowed
from community.hotlines.founding import found_hotlines
from community.needs.kinds import KINDS, Kind
from community.parties.models import Party, PartyType, Responsibility, Share
from community.places.founding import found_street
from community.places.models import Community, Level, Place, Street
from community.places.plan import PlannedCommunity, PlannedParty, StreetPlan

Places = dict[tuple[UUID | None, Level, str], Place]


@dataclass(slots=True)
class Settled:
    """How much was new."""

    communities: int = 0
    places: int = 0
    parties: int = 0
    responsibilities: int = 0


async def settle_street(session: AsyncSession, actor: Actor, plan: StreetPlan) -> Settled:
    """Bring the database to the plan. Raises NotAllowed for everybody but the one who installs Linli."""
    if actor is not SYSTEM:
        raise NotAllowed
    office = await found_street(session, actor, plan.street.zh, plan.street.en)
    street = await session.get_one(Street, office.street_id)
    street.zh, street.en = plan.street.zh, plan.street.en
    office.zh, office.en = f"{plan.street.zh}办事处", f"{plan.street.en} office"
    office.phone = plan.street.phone or office.phone
    settled = Settled()
    for planned in plan.communities:
        community = await _settle_community(session, street, planned, settled)
        await _settle_places(session, community, planned, settled)
        parties = await _settle_parties(session, community, planned, settled)
        await _settle_responsibilities(session, community, parties, settled)
    return settled


async def _settle_community(
    session: AsyncSession, street: Street, planned: PlannedCommunity, settled: Settled
) -> Community:
    community: Community | None = await session.scalar(
        select(Community).where(Community.code == planned.code)
    )
    if community is None:
        community = Community(
            street_id=street.id, code=planned.code, zh=planned.zh, en=planned.en, office_hours=planned.hours
        )
        session.add(community)
        await session.flush()
        await found_hotlines(session, community.id)
        settled.communities += 1
    community.zh, community.en, community.zone = planned.zh, planned.en, planned.zone
    community.phone = planned.phone or community.phone
    dates = {day: spans for day, spans in community.office_hours.items() if day[0].isdigit()}
    community.office_hours = planned.hours | dates
    await session.flush()
    return community


async def _settle_places(
    session: AsyncSession, community: Community, planned: PlannedCommunity, settled: Settled
) -> None:
    rows = await session.scalars(select(Place).where(Place.community_id == community.id))
    places = {(place.parent_id, place.level, place.number): place for place in rows}
    before = len(places)
    buildings = {number: place for (_, level, number), place in places.items() if level is Level.BUILDING}
    for each in planned.grids:
        name = {"zh": f"第{each.number}网格", "en": f"Grid {each.number}"}
        grid = await _find_or_add(session, community, places, None, Level.GRID, each.number, name)
        for number, units in each.buildings.items():
            name = {"zh": f"{number}号楼", "en": f"Building {number}"}
            building = buildings.get(number) or await _find_or_add(
                session, community, places, grid.id, Level.BUILDING, number, name
            )
            building.parent_id = grid.id
            for unit in map(str, range(1, units + 1)):
                own = {"zh": f"{building.zh}{unit}单元", "en": f"{building.en} Unit {unit}"}
                await _find_or_add(session, community, places, building.id, Level.UNIT, unit, own)
    settled.places += len(places) - before


async def _find_or_add(
    session: AsyncSession,
    community: Community,
    places: Places,
    parent_id: UUID | None,
    level: Level,
    number: str,
    name: Mapping[str, str],
) -> Place:
    place = places.get((parent_id, level, number))
    if place is None:
        place = Place(community_id=community.id, parent_id=parent_id, level=level, number=number, **name)
        session.add(place)
        await session.flush()
        places[parent_id, level, number] = place
    return place


async def _settle_parties(
    session: AsyncSession, community: Community, planned: PlannedCommunity, settled: Settled
) -> Mapping[PartyType, Party]:
    """The first party of each type leads what that type leads."""
    rows = await session.scalars(select(Party).where(Party.community_id == community.id))
    known = {(party.type, party.zh): party for party in rows}
    first: dict[PartyType, Party] = {}
    for each in planned.parties:
        party = known.get((each.type, each.zh)) or _add_party(session, community, each, settled)
        party.en, party.phone = each.en, each.phone or party.phone
        await session.flush()
        await found_canned(session, party.id)
        first.setdefault(each.type, party)
    return first


def _add_party(session: AsyncSession, community: Community, each: PlannedParty, settled: Settled) -> Party:
    party = Party(
        street_id=community.street_id, community_id=community.id, type=each.type, zh=each.zh, en=each.en
    )
    session.add(party)
    settled.parties += 1
    return party


async def _settle_responsibilities(
    session: AsyncSession, community: Community, parties: Mapping[PartyType, Party], settled: Settled
) -> None:
    """A kind without any line gets those of kinds.py; what a missing party would lead goes to the committee."""
    told = set(
        await session.scalars(
            select(Responsibility.kind).where(Responsibility.community_id == community.id).distinct()
        )
    )
    for kind in KINDS.values():
        if kind.code not in told:
            lines = list(_lines(community, kind, parties))
            session.add_all(lines)
            settled.responsibilities += len(lines)
    await session.flush()


def _lines(community: Community, kind: Kind, parties: Mapping[PartyType, Party]) -> Iterator[Responsibility]:
    lead = parties.get(kind.lead, parties[PartyType.COMMITTEE])
    shares = {lead.id: Share.LEAD}
    for types, share in ((kind.assist, Share.ASSIST), (kind.inform, Share.INFORM)):
        for party in (parties[each] for each in types if each in parties):
            shares.setdefault(party.id, share)
    for party_id, share in shares.items():
        yield Responsibility(community_id=community.id, kind=kind.code, party_id=party_id, share=share)
