"""Loads the demo into an empty database, once: `make run` and `linli demo load` call it at every start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import SYSTEM, StaffActor
from community.answers.file import SHIPPED, read_file
from community.answers.usecases import load_entries
from community.clock import now
from community.conversations.usecases import ask_for_person
from community.parties.models import Party, Staff
from community.places.models import Community, Street
from linli.database import Sessions
from operations.demo.accounts import (
    FILE,
    DemoAccount,
    DemoAccounts,
    make_passwords,
    read_passwords,
    write_passwords,
)
from operations.demo.activities import plan_demo_activities
from operations.demo.notices import make_notices
from operations.demo.past import remember_past
from operations.demo.settling import (
    Places,
    set_password,
    settle_community,
    settle_parties,
    settle_places,
    settle_residents,
    settle_street_office,
)
from operations.demo.stories import STORIES
from operations.demo.street import COMMUNITIES, STREET, STREET_PEOPLE, DemoCommunity
from operations.demo.telling import Stage, tell
from operations.demo.unclear import note_demo_words
from operations.demo.writing import write_demo_notices
from operations.problem import Problem

ONE_AT_A_TIME = 5_112_019  # advisory lock: several machines may start at the same moment
KNOWN_FOR = timedelta(days=40)
PAST_A_WEEK = {"banyan": 6, "river": 4}
NAMES = tuple(
    person.sign_in
    for people in (STREET_PEOPLE, *(party.people for plan in COMMUNITIES for party in plan.parties))
    for person in people
)


class StreetOfItsOwn(Problem):
    """The database is in real use: demo data never go among real ones."""


async def load_demo(sessions: Sessions, *, secret_dir: Path) -> DemoAccounts:
    """Write the demo where the database has no street yet, and return its accounts; a second call changes nothing.

    The passwords are in `secret_dir`, readable by its owner only; where that file is lost, the accounts get new ones.
    Raises StreetOfItsOwn when the database holds another street.
    """
    async with sessions.begin() as session:
        await session.execute(text("SET LOCAL statement_timeout = 0"))  # another may be at it for a minute
        await session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
        kept = read_passwords(secret_dir)
        passwords = make_passwords(NAMES) | kept
        if not await _is_loaded(session):
            await _write(session, passwords)
        elif passwords != kept:
            await _give_new_passwords(
                session, {name: passwords[name] for name in passwords.keys() - kept.keys()}
            )
        if passwords != kept:
            write_passwords(secret_dir, passwords)
        return DemoAccounts(await _accounts(session, passwords), secret_dir / FILE)


async def _is_loaded(session: AsyncSession) -> bool:
    streets = (await session.scalars(select(Street.zh))).all()
    if streets and STREET["zh"] not in streets:
        raise StreetOfItsOwn(
            "The database holds a street of its own: demo data only go into an empty database."
        )
    return bool(streets)


async def _write(session: AsyncSession, passwords: Mapping[str, str]) -> None:
    street = Street(zh=STREET["zh"], en=STREET["en"])
    session.add(street)
    await session.flush()
    office = await settle_street_office(session, street, passwords)
    for plan in COMMUNITIES:
        await _write_community(session, street, plan, passwords, office)
    await load_entries(session, SYSTEM, read_file(SHIPPED))


async def _write_community(
    session: AsyncSession,
    street: Street,
    plan: DemoCommunity,
    passwords: Mapping[str, str],
    office: list[StaffActor],
) -> None:
    at = await _present(session)
    community = await settle_community(session, street, plan)
    places = await settle_places(session, community, plan)
    actors = [*office, *await settle_parties(session, community, plan, passwords, at)]
    await _remember(session, community, places, at)
    residents = await settle_residents(session, community, plan, places, at - KNOWN_FOR)
    by_sign_in = {(await session.get_one(Staff, actor.staff_id)).sign_in: actor for actor in actors}
    stage = Stage(session, community, by_sign_in, residents, places, at)
    for story in STORIES[plan.code]:
        await tell(stage, story)
    session.add_all(make_notices(community, at))
    await write_demo_notices(session, community, actors, residents, places["3", None])
    await plan_demo_activities(stage)
    await note_demo_words(session, list(residents.values()))
    await ask_for_person(
        session, next(reversed(residents.values())), "想问问居住证续签要带什么，能找个人跟我说吗？"
    )


async def _remember(session: AsyncSession, community: Community, places: Places, at: datetime) -> None:
    """What came and went before, of people who gave no name."""
    parties = (await session.scalars(select(Party).where(Party.community_id == community.id))).all()
    people = {party.id: [*await _people_of(session, party)] for party in parties}
    units = [place_id for (_, unit), place_id in places.items() if unit]
    by_type = {party.type: party for party in parties}
    await remember_past(session, community, by_type, people, units, at, PAST_A_WEEK[community.code])


async def _people_of(session: AsyncSession, party: Party) -> Sequence[Staff]:
    return (
        await session.scalars(select(Staff).where(Staff.party_id == party.id).order_by(Staff.sign_in))
    ).all()


async def _present(session: AsyncSession) -> datetime:
    """The earlier of our clock and the database's: whatever is written from here on is not before it."""
    theirs: datetime = (await session.scalars(select(func.now()))).one()
    return min(now(), theirs.astimezone(UTC))


async def _give_new_passwords(session: AsyncSession, passwords: Mapping[str, str]) -> None:
    for staff in await session.scalars(select(Staff).where(Staff.sign_in.in_(passwords))):
        await set_password(staff, passwords[staff.sign_in])


async def _accounts(session: AsyncSession, passwords: Mapping[str, str]) -> tuple[DemoAccount, ...]:
    """The accounts in the order of the demo, of those that are still open."""
    rows = await session.execute(
        select(Staff, Party, Community.code)
        .join(Party, Party.id == Staff.party_id)
        .outerjoin(Community, Community.id == Party.community_id)
        .where(Staff.sign_in.in_(NAMES), Staff.disabled_at.is_(None))
    )
    made = [
        DemoAccount(staff.sign_in, passwords[staff.sign_in], staff.name, staff.role, party.name, code)
        for staff, party, code in rows
    ]
    return tuple(sorted(made, key=lambda account: NAMES.index(account.sign_in)))
