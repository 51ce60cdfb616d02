"""Search: texts become the terms of questions; a need is found by code, words, place and phone, within rights."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.alerts.crisis import set_crisis
from community.clock import now
from community.hotlines.models import Danger
from community.needs import looking
from community.needs.filtering import QueueFilter, Scope
from community.needs.models import Need
from community.needs.queue import find_queue
from community.needs.usecases.residents import Report, add_to_need, report_need
from community.needs.usecases.steering import change_kind
from community.parties.models import PartyType
from community.residents.usecases import keep_phone
from community.search.asking import read_sought
from community.search.places import terms_of_text
from community.search.terms import terms_of
from linli.database import Sessions
from linli.sealing import Keyring, keyring, new_key, use_keyring
from operations.search_terms import fill_search_terms
from tests.cast import Cast

WORDS = "3号楼2单元的电梯坏了两天了，请打13812345678找我"


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("电梯坏了", ["电梯", "梯坏", "坏了"]),
        ("電梯", ["电梯"]),
        ("漏", ["漏"]),
        ("Lift ＢＲＯＫＥＮ 301", ["lift", "broken", "301"]),
        ("3号楼", ["3", "号楼"]),
        ("电梯，电梯", ["电梯"]),
        ("！？ …", []),
    ],
)
def test_terms(words: str, terms: list[str]) -> None:
    assert terms_of(words) == terms


@pytest.mark.parametrize("words", ["3号楼", "三栋", "3幢", "Building 3", "block 3"])
def test_a_building_has_one_term_however_it_is_written(words: str) -> None:
    assert "building:3" in terms_of_text(words)


@pytest.mark.parametrize(
    ("typed", "terms", "code", "phone"),
    [
        ("3号楼 电梯", {"building:3", "电梯"}, None, None),
        ("3-2", {"building:3", "unit:2", "unit:3:2"}, None, None),
        ("3-2 电梯", {"building:3", "unit:2", "unit:3:2", "电梯"}, None, None),
        ("k7m2q", {"k7m2q"}, "K7M2Q", None),
        ("#K7M2Q", {"k7m2q"}, "K7M2Q", None),
        ("138 1234 5678", {"138", "1234", "5678"}, None, "phone:13812345678"),
        ("%", set(), None, None),
    ],
)
def test_what_is_typed_is_read(typed: str, terms: set[str], code: str | None, phone: str | None) -> None:
    sought = read_sought(typed)
    assert (set(sought.terms), sought.code, sought.phone) == (terms, code, phone)


@pytest.fixture
async def need(sessions: Sessions, cast: Cast) -> Need:
    """A lift in unit 2 of building 3, with a phone in the words."""
    async with sessions.begin() as session:
        made = Report(kind="elevator", words=WORDS, place_id=cast.here.unit.id)
        return await report_need(session, cast.owner.resident_id, made)


async def finds(session: AsyncSession, actor: StaffActor, typed: str) -> bool:
    lines = await find_queue(session, actor, QueueFilter(scope=Scope.ALL, words=typed))
    return len(lines) == 1


@pytest.mark.parametrize(
    "typed",
    [
        "电梯",
        "坏了两天",
        "3号楼 电梯",
        "三栋",
        "3-2",
        "2单元",
        "lift",
        "building 3",
        "13812345678",
        "138 1234 5678",
        "5678",
    ],
)
async def test_a_need_is_found(sessions: Sessions, cast: Cast, need: Need, typed: str) -> None:
    async with sessions() as session:
        assert await finds(session, cast.here.staff[PartyType.PROPERTY_COMPANY], typed)
        assert await finds(session, cast.here.staff[PartyType.PROPERTY_COMPANY], need.code.lower())
        assert not await finds(session, cast.there.staff[PartyType.PROPERTY_COMPANY], typed)


@pytest.mark.parametrize("typed", ["水管", "4号楼", "3-1", "13812345679", "电梯 水管"])
async def test_what_is_not_there_is_not_found(sessions: Sessions, cast: Cast, need: Need, typed: str) -> None:
    async with sessions() as session:
        assert not await finds(session, cast.here.staff[PartyType.PROPERTY_COMPANY], typed)


async def test_what_is_over_is_found_however_long_ago_it_was(
    sessions: Sessions, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each window holds fewer than are asked for, so that the next one is looked through."""
    monkeypatch.setattr(looking, "LATEST", 1)
    lead, ages = cast.here.staff[PartyType.PROPERTY_COMPANY], (1, 40, 300, 900)
    codes = []
    async with sessions.begin() as session:
        for days in ages:
            made = Report(kind="elevator", words=WORDS, place_id=cast.here.unit.id)
            at = now() - timedelta(days=days)
            codes.append((await report_need(session, cast.owner.resident_id, made, at=at)).code)
        await session.execute(text("UPDATE needs SET state = 'closed'"))
    async with sessions() as session:
        for most in range(1, 5):
            for skip in range(4):
                wanted = QueueFilter(scope=Scope.ALL, words="3号楼 电梯")
                lines = await find_queue(session, lead, wanted, most=most, skip=skip)
                assert [line.need.code for line in lines] == codes[skip : skip + most]
        assert not await find_queue(session, lead, QueueFilter(scope=Scope.ALL, words="4号楼 电梯"))


async def test_words_that_are_added_and_a_phone_that_is_kept_are_found(
    sessions: Sessions, cast: Cast, need: Need
) -> None:
    lead = cast.here.staff[PartyType.PROPERTY_COMPANY]
    async with sessions.begin() as session:
        await add_to_need(session, cast.owner.resident_id, need.id, "钥匙也掉进井道了")
        await keep_phone(session, cast.owner.resident_id, "139-0000 1111")
        assert await finds(session, lead, "井道")
        assert await finds(session, lead, "电梯")
        assert await finds(session, lead, "13900001111")


async def test_by_phone_finds_who_may_call(sessions: Sessions, cast: Cast) -> None:
    """The committee leads; the property company assists, and so sees the need but nobody's phone."""
    async with sessions.begin() as session:
        await report_need(session, cast.owner.resident_id, Report(kind="noise", words=WORDS))
        committee, assisting = (
            cast.here.staff[party] for party in (PartyType.COMMITTEE, PartyType.PROPERTY_COMPANY)
        )
        assert await finds(session, committee, "13812345678")
        assert await finds(session, assisting, "电梯")
        assert not await finds(session, assisting, "13812345678")


@pytest.mark.parametrize("how", ["reported", "kind", "crisis"])
async def test_a_confidential_need_has_no_terms(sessions: Sessions, cast: Cast, need: Need, how: str) -> None:
    lead = cast.here.staff[PartyType.PROPERTY_COMPANY]
    async with sessions.begin() as session:
        if how == "reported":
            made = Report(kind="mental_health", words="睡不着，电话13812345678")
            need = await report_need(session, cast.owner.resident_id, made)
        elif how == "kind":
            await change_kind(session, lead, need.id, "mental_health")
        else:
            await set_crisis(session, lead, need.id, Danger.VIOLENCE)
    async with sessions.begin() as session:
        assert await session.scalar(select(Need.terms).where(Need.id == need.id)) == []
        for typed in ("电梯", "睡不着", "13812345678", "3号楼"):
            assert not await finds(session, cast.here.staff[PartyType.SOCIAL_WORK_TEAM], typed)
        await session.execute(
            text("UPDATE needs SET terms = ARRAY['AAAAAAAA'] WHERE id = :id"), {"id": need.id}
        )
        assert await session.scalar(select(Need.terms).where(Need.id == need.id)) == []


async def test_the_database_holds_no_readable_term(sessions: Sessions, cast: Cast, need: Need) -> None:
    async with sessions() as session:
        row = (await session.execute(text("SELECT terms::text FROM needs"))).scalar_one()
        assert not [term for term in ("电梯", "lift", "13812345678", "building") if term in row]


async def test_terms_are_written_again_for_what_is_there(sessions: Sessions, cast: Cast, need: Need) -> None:
    lead, before = cast.here.staff[PartyType.PROPERTY_COMPANY], keyring()
    keys = "k1:" + new_key().partition(":")[2]
    async with sessions.begin() as session:
        await keep_phone(session, cast.owner.resident_id, "13900001111")
        await session.execute(text("UPDATE needs SET terms = '{}'"))
        assert not await finds(session, lead, "电梯")
    async with sessions.begin() as session:
        connection = await session.connection()
        await connection.run_sync(fill_search_terms)
        assert await finds(session, lead, "3-2 电梯")
        assert await finds(session, lead, "13900001111")
    try:
        use_keyring(Keyring.parse(keys))
        async with sessions() as session:
            wanted = QueueFilter(scope=Scope.ALL, words="电梯")
            assert await find_queue(session, lead, wanted) == []  # another key finds nothing
    finally:
        use_keyring(before)
