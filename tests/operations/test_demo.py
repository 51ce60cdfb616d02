"""The demo: whole, written once, with passwords of this machine, told through the real use-cases."""

from __future__ import annotations

import asyncio
import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import pytest
from sqlalchemy import Select, func, select, text, update

from community.access.passwords import check_password_rules
from community.access.usecases import SignInLimits, check_sign_in
from community.clock import now
from community.clocks.models import NeedClock, Outcome
from community.needs.clocks import is_open
from community.needs.kinds import KINDS
from community.needs.models import ENDED, EntryKind, Need, NeedEntry, NeedHistory, NeedState, Visibility
from community.notices.queries import find_valid_notices
from community.outbox.models import OutboxMessage, OutboxState
from community.parties.models import DutyShift, Party, PartyType, Responsibility, Role, Share, Staff
from community.places.matching import PlaceNode, PlaceTree, match_place
from community.places.models import Community, Level, Place, Street
from community.residents.models import Address, Resident
from community.surveys.models import Survey, SurveyState
from linli.database import Sessions, make_engine, make_sessions
from operations.demo import DemoAccounts, load_demo
from operations.demo.loading import ONE_AT_A_TIME
from operations.embedded_postgres import ROLE, EmbeddedPostgres
from operations.problem import Problem
from operations.sessions import run_with_sessions
from tests.databases import execute

Row = TypeVar("Row")
TABLES = (
    Address, Community, DutyShift, Need, NeedEntry, NeedHistory, OutboxMessage, Party, Place, Resident,
    Responsibility, Staff, Survey,
)  # fmt: skip


@pytest.fixture(scope="module")
def loaded(
    postgres: EmbeddedPostgres, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """Name of a database into which the demo was loaded, and the folder with its passwords: both are copied."""
    name, folder = f"template_{uuid4().hex}", tmp_path_factory.mktemp("demo")
    execute(postgres, f"CREATE DATABASE {name} TEMPLATE {template_database} OWNER {ROLE}")
    run_with_sessions(postgres.url(name), lambda sessions: load_demo(sessions, secret_dir=folder))
    yield name, folder
    execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(request: pytest.FixtureRequest, postgres: EmbeddedPostgres) -> Iterator[str]:
    """A database for this test alone: with the demo where the test has it, else empty."""
    wanted = "loaded" if "demo" in request.fixturenames else "template_database"
    template = request.getfixturevalue(wanted)
    name = f"demo_{uuid4().hex}"
    source = template if isinstance(template, str) else template[0]
    execute(postgres, f"CREATE DATABASE {name} TEMPLATE {source} OWNER {ROLE} STRATEGY FILE_COPY")
    yield postgres.url(name)
    execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def demo(sessions: Sessions, loaded: tuple[str, Path], tmp_path: Path) -> DemoAccounts:
    """The demo as it was loaded; its passwords lie in `tmp_path`."""
    shutil.copytree(loaded[1], tmp_path, dirs_exist_ok=True)
    return await load_demo(sessions, secret_dir=tmp_path)


async def count(sessions: Sessions) -> list[int]:
    async with sessions() as session:
        return [(await session.scalars(select(func.count()).select_from(table))).one() for table in TABLES]


async def find(sessions: Sessions, wanted: Select[Row]) -> list[Row]:
    async with sessions() as session:
        return list((await session.scalars(wanted)).all())


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def find_community(sessions: Sessions, code: str) -> Community:
    (found,) = await find(sessions, select(Community).where(Community.code == code))
    return found


async def test_loading_again_changes_nothing(sessions: Sessions, tmp_path: Path, demo: DemoAccounts) -> None:
    before = await count(sessions)
    again = await load_demo(sessions, secret_dir=tmp_path)
    assert again == demo
    assert await count(sessions) == before
    assert stat.S_IMODE(demo.file.stat().st_mode) == 0o600
    assert names_in(tmp_path) == ["demo-accounts.json"]


async def test_two_loading_at_once_write_one_demo(sessions: Sessions, tmp_path: Path) -> None:
    one, other = await asyncio.gather(*(load_demo(sessions, secret_dir=tmp_path) for _ in range(2)))
    assert one == other
    assert len(await find(sessions, select(Street))) == 1


async def test_who_waits_for_another_to_load_it_is_not_cut_off(database_url: str, tmp_path: Path) -> None:
    engine = make_engine(database_url, pool=2)
    sessions = make_sessions(engine)
    async with sessions() as one, sessions() as other:
        for session in (one, other):  # of every connection of the pool
            await session.execute(text("SET statement_timeout = '300ms'"))
            await session.commit()
    async with sessions.begin() as session:
        await session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
        waiting = asyncio.create_task(load_demo(sessions, secret_dir=tmp_path))
        await asyncio.sleep(1)
    assert (await waiting).staff
    await engine.dispose()


async def test_each_account_signs_in(sessions: Sessions, demo: DemoAccounts) -> None:
    assert len({account.password for account in demo.staff}) == len(demo.staff)
    async with sessions.begin() as session:
        for account in demo.staff:
            check_password_rules(account.password)
            assert await check_sign_in(
                session, account.sign_in, account.password, "127.0.0.1", SignInLimits()
            )


async def test_a_lost_file_gives_new_passwords(sessions: Sessions, demo: DemoAccounts) -> None:
    demo.file.unlink()
    fresh = await load_demo(sessions, secret_dir=demo.file.parent)
    account = fresh.staff[0]
    assert account.password != demo.staff[0].password
    async with sessions.begin() as session:
        assert await check_sign_in(session, account.sign_in, account.password, "127.0.0.1", SignInLimits())


async def test_no_demo_among_real_data(sessions: Sessions, tmp_path: Path) -> None:
    async with sessions.begin() as session:
        session.add(Street(zh="真实街道", en="A real street"))
    with pytest.raises(Problem, match="street of its own"):
        await load_demo(sessions, secret_dir=tmp_path)
    assert names_in(tmp_path) == []


async def test_each_community_has_every_party_and_role(sessions: Sessions, demo: DemoAccounts) -> None:
    for code in ("banyan", "river"):
        community = await find_community(sessions, code)
        parties = await find(sessions, select(Party.type).where(Party.community_id == community.id))
        assert set(parties) == set(PartyType) - {PartyType.STREET_OFFICE}
        roles = {account.role for account in demo.staff if account.community == code}
        assert roles == {Role.COMMITTEE, Role.SOCIAL_WORKER, Role.PARTNER}
    assert {account.role for account in demo.staff if account.community is None} == {Role.STREET, Role.ADMIN}


async def test_every_kind_has_one_lead_in_each_community(sessions: Sessions, demo: DemoAccounts) -> None:
    leads = await find(sessions, select(Responsibility.kind).where(Responsibility.share == Share.LEAD))
    assert sorted(leads) == sorted([*KINDS] * 2)


async def test_the_needs_stand_in_every_state(sessions: Sessions, demo: DemoAccounts) -> None:
    banyan = await find_community(sessions, "banyan")
    states = await find(sessions, select(Need.state).where(Need.community_id == banyan.id))
    assert set(states) == set(NeedState)
    needs = await find(sessions, select(Need))
    assert any(need.visibility is Visibility.CONFIDENTIAL for need in needs)
    assert all(need.created_at <= need.changed_at <= now() for need in needs)
    assert all(need.first_answer_due_at > need.created_at for need in needs)


async def test_history_ends_in_the_state_and_goes_forward_in_time(
    sessions: Sessions, demo: DemoAccounts
) -> None:
    for need in await find(sessions, select(Need)):
        lines = await find(
            sessions, select(NeedHistory).where(NeedHistory.need_id == need.id).order_by(NeedHistory.id)
        )
        assert lines[0].at == need.created_at
        assert [line.at for line in lines] == sorted(line.at for line in lines)
        assert [line.from_state for line in lines] == [None, *(line.to_state for line in lines[:-1])]
        assert lines[-1].to_state is need.state
        entries = await find(sessions, select(NeedEntry).where(NeedEntry.need_id == need.id))
        assert all(need.created_at < entry.at <= need.changed_at for entry in entries)


async def test_nothing_of_the_demo_waits_to_be_sent(sessions: Sessions, demo: DemoAccounts) -> None:
    rows = await find(sessions, select(OutboxMessage))
    assert rows
    assert {row.state for row in rows} == {OutboxState.SENT}
    answers = await find(sessions, select(NeedEntry).where(NeedEntry.kind == EntryKind.ANSWER))
    assert len([row for row in rows if row.message == "staff_answer"]) == len(answers)
    shown = [address.thread_length for address in await find(sessions, select(Address))]
    assert sum(shown) == len(rows)


async def test_surveys_were_asked_and_answered(sessions: Sessions, demo: DemoAccounts) -> None:
    surveys = await find(sessions, select(Survey))
    assert {survey.state for survey in surveys} == {SurveyState.ASKED, SurveyState.ANSWERED}
    assert {survey.solved for survey in surveys} == {True, False, None}
    assert all(survey.due_at > now() for survey in surveys if survey.due_at)


async def test_the_roster_holds_two_weeks_of_office_hours_and_evenings(
    sessions: Sessions, demo: DemoAccounts
) -> None:
    for code in ("banyan", "river"):
        community = await find_community(sessions, code)
        party_of = select(Party.id).where(Party.community_id == community.id)
        shifts = await find(sessions, select(DutyShift).where(DutyShift.party_id.in_(party_of)))
        assert len({shift.party_id for shift in shifts}) == 2
        outside = [
            shift for shift in shifts if not is_open(community.office_hours, community.zone, shift.starts_at)
        ]
        assert 0 < len(outside) < len(shifts) / 2
        busy = {(shift.staff_id, shift.starts_at) for shift in shifts}
        assert len(busy) == len(shifts), "nobody is on duty twice at once"
        assert max(shift.ends_at for shift in shifts) > now() + timedelta(days=10)


async def test_notices_are_out_in_both_languages(sessions: Sessions, demo: DemoAccounts) -> None:
    for code in ("banyan", "river"):
        community = await find_community(sessions, code)
        async with sessions() as session:
            notices = await find_valid_notices(session, community.id, now())
        assert len(notices) == 4
        assert all(notice.text_en and "{" not in notice.text_zh + notice.text_en for notice in notices)


async def test_the_places_are_found_by_what_people_say(sessions: Sessions, demo: DemoAccounts) -> None:
    banyan = await find_community(sessions, "banyan")
    places = await find(sessions, select(Place).where(Place.community_id == banyan.id))
    assert sorted({place.level for place in places}) == sorted(Level)
    tree = PlaceTree([PlaceNode(p.id, p.parent_id, p.level, p.number, p.zh, p.en) for p in places])
    for place in places:
        assert [match_place(name, tree).place for name in (place.zh, place.en)] == [tree.find(place.id)] * 2


async def test_a_disabled_account_is_not_offered(
    sessions: Sessions, tmp_path: Path, demo: DemoAccounts
) -> None:
    async with sessions.begin() as session:
        await session.execute(update(Staff).where(Staff.sign_in == "wang.property").values(disabled_at=now()))
    again = await load_demo(sessions, secret_dir=tmp_path)
    assert {a.sign_in for a in demo.staff} - {a.sign_in for a in again.staff} == {"wang.property"}


async def test_clocks_of_the_demo_began_and_ended_when_their_needs_did(
    sessions: Sessions, demo: DemoAccounts
) -> None:
    async with sessions() as session:
        rows = (
            await session.execute(select(Need, NeedClock).join(NeedClock, NeedClock.need_id == Need.id))
        ).all()
    assert rows
    for need, clock in rows:
        assert need.created_at <= clock.started_at <= clock.due_at
        assert clock.started_at <= need.changed_at
        assert clock.ended_at is None or clock.started_at <= clock.ended_at <= need.changed_at
        assert (need.state in ENDED) <= (clock.ended_at is not None)
    assert {clock.outcome for _, clock in rows} >= {Outcome.MET, None}
