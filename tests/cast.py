"""The cast of the tests: a street with two communities, their parties and staff, and some residents."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.needs.kinds import KINDS
from community.parties.models import Party, PartyType, Responsibility, Role, Share, Staff
from community.places.models import Community, Level, Place, Street
from community.residents.models import Language
from community.residents.usecases import Known, meet_person
from linli.database import Sessions

HOURS = {day: [["08:30", "12:00"], ["14:00", "17:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}
ROLE_OF = {
    PartyType.COMMITTEE: Role.COMMITTEE,
    PartyType.SOCIAL_WORK_TEAM: Role.SOCIAL_WORKER,
    PartyType.PROPERTY_COMPANY: Role.PARTNER,
    PartyType.VOLUNTEER_TEAM: Role.PARTNER,
    PartyType.SOCIAL_ORGANISATION: Role.PARTNER,
    PartyType.DEPARTMENT: Role.PARTNER,
}
NAMES = {
    PartyType.COMMITTEE: ("居委会", "committee"),
    PartyType.SOCIAL_WORK_TEAM: ("社工站", "social work team"),
    PartyType.PROPERTY_COMPANY: ("物业", "property company"),
    PartyType.VOLUNTEER_TEAM: ("志愿队", "volunteer team"),
    PartyType.SOCIAL_ORGANISATION: ("互助会", "mutual aid club"),
    PartyType.DEPARTMENT: ("城管办", "city management office"),
}


@dataclass(frozen=True)
class Neighbourhood:
    """One community of the cast: a staff member of each party, and the units of building 3."""

    community: Community
    parties: dict[PartyType, Party]
    staff: dict[PartyType, StaffActor]
    colleagues: dict[PartyType, StaffActor]
    building: Place
    unit: Place


@dataclass(frozen=True)
class Cast:
    """Everybody. `here` and `there` are two communities of one street."""

    here: Neighbourhood
    there: Neighbourhood
    street: StaffActor
    admin: StaffActor
    owner: Known
    neighbour: Known
    stranger: Known


async def make_cast(sessions: Sessions) -> Cast:
    """Write the cast into an empty database."""
    async with sessions.begin() as session:
        street = Street(zh="南塘街道", en="Nantang Street")
        session.add(street)
        await session.flush()
        office = Party(
            street_id=street.id, type=PartyType.STREET_OFFICE, zh="南塘街道办", en="Nantang street office"
        )
        session.add(office)
        await session.flush()
        here = await _make_neighbourhood(session, street.id, "banyan", "榕树社区", "Banyan")
        there = await _make_neighbourhood(session, street.id, "river", "河畔社区", "Riverside")
        return Cast(
            here=here,
            there=there,
            street=await _make_staff(session, office, Role.STREET, "street"),
            admin=await _make_staff(session, office, Role.ADMIN, "admin"),
            owner=await _meet(session, "owner", here),
            neighbour=await _meet(session, "neighbour", here),
            stranger=await _meet(session, "stranger", there),
        )


async def _meet(session: AsyncSession, name: str, where: Neighbourhood) -> Known:
    return await meet_person(session, "web", name, community_id=where.community.id, language=Language.ZH)


async def _make_neighbourhood(
    session: AsyncSession, street_id: UUID, code: str, zh: str, en: str
) -> Neighbourhood:
    community = Community(
        street_id=street_id, code=code, zh=zh, en=en, phone="020-8888 1234", office_hours=HOURS
    )
    session.add(community)
    await session.flush()
    parties = {
        kind: Party(
            street_id=street_id,
            community_id=community.id,
            type=kind,
            zh=f"{zh}{NAMES[kind][0]}",
            en=f"{en} {NAMES[kind][1]}",
        )
        for kind in ROLE_OF
    }
    session.add_all(parties.values())
    building = Place(community_id=community.id, level=Level.BUILDING, number="3", zh="3号楼", en="Building 3")
    session.add(building)
    await session.flush()
    unit = Place(
        community_id=community.id,
        parent_id=building.id,
        level=Level.UNIT,
        number="2",
        zh="3号楼2单元",
        en="Building 3 Unit 2",
    )
    session.add(unit)
    _make_matrix(session, community, parties)
    await session.flush()
    staff = {
        kind: await _make_staff(session, party, ROLE_OF[kind], f"{code}.{kind}")
        for kind, party in parties.items()
    }
    colleagues = {
        kind: await _make_staff(session, party, ROLE_OF[kind], f"{code}.{kind}.2")
        for kind, party in parties.items()
    }
    return Neighbourhood(community, parties, staff, colleagues, building, unit)


def _make_matrix(session: AsyncSession, community: Community, parties: dict[PartyType, Party]) -> None:
    for kind in KINDS.values():
        shares = {kind.lead: Share.LEAD} | {
            party: Share.ASSIST for party in kind.assist if party != kind.lead
        }
        for party, share in shares.items():
            session.add(
                Responsibility(
                    community_id=community.id, kind=kind.code, party_id=parties[party].id, share=share
                )
            )


async def _make_staff(session: AsyncSession, party: Party, role: Role, name: str) -> StaffActor:
    staff = Staff(party_id=party.id, role=role, sign_in=name, name=name)
    session.add(staff)
    await session.flush()
    return StaffActor(staff.id, role, party.id, party.community_id, party.street_id, name)
