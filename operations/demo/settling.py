"""Writes the demo's street: communities, places, parties with their people, shares and roster, residents."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from community.access.passwords import hash_password
from community.actors import SYSTEM, StaffActor
from community.canned.founding import found_canned
from community.hotlines.founding import found_hotlines
from community.needs.clocks import intervals_on
from community.needs.kinds import KINDS
from community.parties.models import DutyShift, Party, PartyType, Responsibility, Share, Staff
from community.parties.usecases import NewStaff, add_staff
from community.places.models import Community, Level, Place, Street
from community.residents.usecases import get_resident, meet_person
from operations.demo.street import HOURS, STREET_OFFICE, STREET_PEOPLE, STREET_PHONE, Colleague, DemoCommunity

ROSTER_DAYS = 21
ON_THE_ROSTER = (PartyType.COMMITTEE, PartyType.SOCIAL_WORK_TEAM)
_EVENING, _WEEKEND = (time(17, 30), time(21, 30)), (time(9), time(18))
STANDBY = {
    PartyType.COMMITTEE: dict.fromkeys(range(5), (_EVENING,)),
    PartyType.SOCIAL_WORK_TEAM: dict.fromkeys(range(5), (_EVENING,)) | dict.fromkeys((5, 6), (_WEEKEND,)),
}
"""By weekday: reached by phone outside the office's hours, one colleague in turn."""

Places = dict[tuple[str, str | None], UUID]
Span = tuple[time, time]


async def settle_street_office(
    session: AsyncSession, street: Street, passwords: Mapping[str, str]
) -> list[StaffActor]:
    """The street office with its people."""
    office = Party(street_id=street.id, type=PartyType.STREET_OFFICE, phone=STREET_PHONE, **STREET_OFFICE)
    session.add(office)
    await session.flush()
    return [await _employ(session, office, person, passwords) for person in STREET_PEOPLE]


async def settle_community(session: AsyncSession, street: Street, plan: DemoCommunity) -> Community:
    """The community itself, open in the demo's office hours."""
    community = Community(
        street_id=street.id, code=plan.code, zh=plan.zh, en=plan.en, phone=plan.phone, office_hours=HOURS
    )
    session.add(community)
    await session.flush()
    await found_hotlines(session, community.id)
    return community


async def settle_places(session: AsyncSession, community: Community, plan: DemoCommunity) -> Places:
    """Grids, buildings and units; gives the ids by building and unit."""
    ids: Places = {}
    for number, buildings in enumerate(plan.grids, start=1):
        grid = _place(
            community, None, Level.GRID, str(number), {"zh": f"第{number}网格", "en": f"Grid {number}"}
        )
        rows = [grid, *_buildings(community, grid, buildings, ids)]
        for row in rows:  # parents first
            session.add(row)
            await session.flush()
    return ids


async def settle_parties(
    session: AsyncSession,
    community: Community,
    plan: DemoCommunity,
    passwords: Mapping[str, str],
    at: datetime,
) -> list[StaffActor]:
    """The parties with their colleagues, who leads which kind, and who is on duty for two weeks."""
    parties, actors = {}, []
    for each in plan.parties:
        party = Party(
            street_id=community.street_id,
            community_id=community.id,
            type=each.type,
            zh=each.zh,
            en=each.en,
            phone=each.phone,
        )
        session.add(party)
        await session.flush()
        await found_canned(session, party.id)
        people = [await _employ(session, party, person, passwords) for person in each.people]
        if each.type in ON_THE_ROSTER:
            session.add_all(_shifts(community, people, each.phone, at, STANDBY.get(each.type, {})))
        parties[each.type] = party
        actors += people
    session.add_all(_responsibilities(community, parties))
    await session.flush()
    return actors


async def settle_residents(
    session: AsyncSession, community: Community, plan: DemoCommunity, places: Places, since: datetime
) -> dict[str, UUID]:
    """The residents with a web address and a home, known `since` then; gives their ids by name."""
    ids = {}
    for each in plan.residents:
        known = await meet_person(
            session, "web", str(uuid4()), community_id=community.id, language=each.language
        )
        resident = await get_resident(session, known.resident_id)
        resident.name, resident.phone, resident.created_at = each.name, each.phone, since
        resident.home_id, resident.home_claim = places[each.building, each.unit], each.claim
        ids[each.name] = known.resident_id
    await session.flush()
    return ids


def _buildings(
    community: Community, grid: Place, buildings: Mapping[str, int], ids: Places
) -> Iterator[Place]:
    for number, units in buildings.items():
        zh, en = f"{number}号楼", f"Building {number}"
        building = _place(community, grid.id, Level.BUILDING, number, {"zh": zh, "en": en})
        ids[number, None] = building.id
        yield building
        for unit in map(str, range(1, units + 1)):
            name = {"zh": f"{zh}{unit}单元", "en": f"{en} Unit {unit}"}
            place = _place(community, building.id, Level.UNIT, unit, name)
            ids[number, unit] = place.id
            yield place


def _place(
    community: Community, parent_id: UUID | None, level: Level, number: str, name: Mapping[str, str]
) -> Place:
    return Place(
        id=uuid4(), community_id=community.id, parent_id=parent_id, level=level, number=number, **name
    )


async def _employ(
    session: AsyncSession, party: Party, person: Colleague, passwords: Mapping[str, str]
) -> StaffActor:
    staff = await add_staff(session, SYSTEM, NewStaff(person.sign_in, person.name, person.role, party.id))
    staff.leads = person.leads
    await set_password(staff, passwords[person.sign_in])
    return StaffActor(staff.id, staff.role, party.id, party.community_id, party.street_id, staff.name)


async def set_password(staff: Staff, password: str) -> None:
    """Give an account this password; the hashing is slow on purpose and runs beside the loop."""
    staff.password_hash = await to_thread(hash_password, password)


def _responsibilities(community: Community, parties: Mapping[PartyType, Party]) -> Iterator[Responsibility]:
    for kind in KINDS.values():
        shares = {kind.lead: Share.LEAD} | dict.fromkeys(kind.assist, Share.ASSIST)
        for party, share in (shares | dict.fromkeys(kind.inform, Share.INFORM)).items():
            yield Responsibility(
                community_id=community.id, kind=kind.code, party_id=parties[party].id, share=share
            )


def _shifts(
    community: Community,
    people: Sequence[StaffActor],
    phone: str,
    at: datetime,
    standby: Mapping[int, Sequence[Span]],
) -> Iterator[DutyShift]:
    """From this week's Monday on: colleagues in turn, one opening of the office each, and by phone outside of it."""
    zone, turn = ZoneInfo(community.zone), cycle(people)
    today = at.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    for day in (monday + timedelta(days=number) for number in range(ROSTER_DAYS)):
        extra = standby.get(day.weekday(), ())
        office = [
            span
            for span in intervals_on(day, community.office_hours)
            if not any(span[0] < closes and opens < span[1] for opens, closes in extra)
        ]
        for opens, closes in (*office, *extra):
            person = next(turn)
            yield DutyShift(
                party_id=person.party_id,
                staff_id=person.staff_id,
                starts_at=_moment(day, opens, zone),
                ends_at=_moment(day, closes, zone),
                phone=phone,
            )


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
