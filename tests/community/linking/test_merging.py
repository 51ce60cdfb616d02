"""Two residents become one: everything follows, what may be there once stays once, nobody else is touched."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import Incoming
from channels.inbound import store_inbound
from community.activities.models import Part
from community.audit.models import AuditAct
from community.clock import now
from community.contact.models import ContactPreference
from community.contact.queries import get_follows
from community.contact.usecases import set_follow, set_preference
from community.conversations.models import Handover
from community.conversations.usecases import ask_for_person, take_conversation
from community.duplicates.models import NeedFollower
from community.errors import NotFound, Refused
from community.files.usecases import add_file
from community.inbox.models import InboundMessage, TurnLease
from community.linking.merging import merge_people
from community.linking.moving import column_of
from community.linking.rules import RULES
from community.needs.models import Need
from community.needs.usecases.residents import Report, report_need
from community.outbox.usecases import enqueue_message
from community.parties.models import PartyType
from community.residents.models import Address, HomeClaim, Language, Resident
from community.residents.usecases import Known, choose_language, find_person, keep_name, meet_person
from community.signups.models import SignUp, SignUpState
from community.signups.usecases.joining import join_shift
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, publish


@pytest.fixture
async def pair(sessions: Sessions, cast: Cast) -> tuple[UUID, UUID]:
    """Who stays, new on Telegram, and who goes, known on the web."""
    async with sessions.begin() as session:
        known = await meet_person(
            session, "telegram", "42", community_id=cast.here.community.id, language=Language.EN
        )
    return known.resident_id, cast.owner.resident_id


async def test_everything_follows_and_the_other_is_no_more(
    sessions: Sessions, pair: tuple[UUID, UUID]
) -> None:
    kept, gone = pair
    async with sessions.begin() as session:
        need = await report_need(session, gone, Report(kind="elevator", words="电梯坏了"))
        await add_file(session, gone, uuid4(), media_type="image/jpeg", size=1, width=1, height=1)
        await enqueue_message(session, gone, "greeting", "told")
        await set_preference(session, gone, channel="web", quiet=(0, 60))
        await set_follow(session, gone, "water", follows=True)
        await keep_name(session, gone, "王秀兰")
        await choose_language(session, gone, Language.ZH)
    async with sessions.begin() as session:
        resident = await merge_people(session, kept, gone)
        assert (resident.name, resident.language, resident.language_chosen) == ("王秀兰", Language.ZH, True)
    async with sessions() as session:
        assert await session.get(Resident, gone) is None
        assert (await session.get_one(Need, need.id)).resident_id == kept
        assert await get_follows(session, kept) == {"water": True}
        assert (await session.get_one(ContactPreference, kept)).channel == "web"
        assert await count_rows(session, gone) == 0
        for channel, outside_id in (("web", "owner"), ("telegram", "42")):
            known = await find_person(session, channel, outside_id)
            assert known is not None
            assert known.resident_id == kept
        act = (await session.scalars(select(AuditAct).where(AuditAct.act == "channels_linked"))).one()
        assert (act.subject_id, act.details) == (kept, {"before": str(gone)})


async def test_nobody_else_is_touched(sessions: Sessions, cast: Cast, pair: tuple[UUID, UUID]) -> None:
    async with sessions.begin() as session:
        await report_need(session, cast.neighbour.resident_id, Report(kind="noise", words="太吵"))
        before = await count_rows(session, cast.neighbour.resident_id)
        await merge_people(session, *pair)
        assert await count_rows(session, cast.neighbour.resident_id) == before


@pytest.mark.parametrize(
    ("same", "asked", "room"), [(True, None, "502"), (False, None, None), (False, "101", "101")]
)
async def test_a_room_stays_in_its_house(
    sessions: Sessions, cast: Cast, pair: tuple[UUID, UUID], same: bool, asked: str | None, room: str | None
) -> None:
    here = cast.here
    async with sessions.begin() as session:
        kept, gone = [await session.get_one(Resident, resident_id) for resident_id in pair]
        kept.community_id = gone.community_id = here.community.id
        kept.home_claim = gone.home_claim = HomeClaim.CLAIMED
        kept.home_id, kept.room = here.unit.id, "502"
        gone.home_id, gone.room = here.unit.id if same else here.building.id, asked
        merged = await merge_people(session, *pair)
        assert (merged.home_id == here.unit.id, merged.room) == (same, room)


@pytest.mark.parametrize(
    ("kept_claim", "gone_claim", "stays"),
    [
        (HomeClaim.CONFIRMED, HomeClaim.CLAIMED, "building"),
        (HomeClaim.CLAIMED, HomeClaim.CONFIRMED, "unit"),
        (HomeClaim.CONFIRMED, HomeClaim.CONFIRMED, "unit"),
        (HomeClaim.NONE, HomeClaim.CLAIMED, "unit"),
    ],
)
async def test_a_confirmed_home_stays(
    sessions: Sessions,
    cast: Cast,
    pair: tuple[UUID, UUID],
    kept_claim: HomeClaim,
    gone_claim: HomeClaim,
    stays: str,
) -> None:
    homes = {"building": cast.here.building.id, "unit": cast.here.unit.id}
    async with sessions.begin() as session:
        kept, gone = [await session.get_one(Resident, resident_id) for resident_id in pair]
        kept.home_id, kept.home_claim = homes["building"], kept_claim
        gone.home_id, gone.home_claim = homes["unit"], gone_claim
        await session.flush()
        merged = await merge_people(session, *pair)
        assert merged.home_id == homes[stays]
        assert merged.home_claim is (kept_claim if stays == "building" else gone_claim)


async def test_one_place_a_shift_the_one_that_is_further_on(
    sessions: Sessions, cast: Cast, pair: tuple[UUID, UUID]
) -> None:
    kept, gone = pair
    with time_machine.travel(MONDAY, tick=False):
        shift_id = await publish(sessions, cast)
        async with sessions.begin() as session:
            for resident_id in pair:
                await join_shift(session, resident_id, shift_id, Part.VOLUNTEER)
            wanted = select(SignUp).where(SignUp.resident_id == gone)
            (await session.scalars(wanted)).one().state = SignUpState.CONFIRMED
        async with sessions.begin() as session:
            await merge_people(session, kept, gone)
        async with sessions() as session:
            rows = (await session.scalars(select(SignUp).order_by(SignUp.state))).all()
            taken = await session.scalar(text("SELECT taken FROM shift_places WHERE taken > 0"))
    assert [(row.state, row.resident_id) for row in rows] == [
        (SignUpState.CANCELLED, kept),
        (SignUpState.CONFIRMED, kept),
    ]
    assert taken == 1


async def test_one_talk_with_staff_the_one_that_was_taken(
    sessions: Sessions, cast: Cast, pair: tuple[UUID, UUID]
) -> None:
    async with sessions.begin() as session:
        asked = [(await ask_for_person(session, resident_id, "有人吗")).id for resident_id in pair]
        await take_conversation(session, cast.here.staff[PartyType.COMMITTEE], asked[1])
        await merge_people(session, *pair)
        open_ones = (await session.scalars(select(Handover.id).where(Handover.ended_at.is_(None)))).all()
    assert open_ones == [asked[1]]


async def test_nobody_follows_an_own_need(sessions: Sessions, pair: tuple[UUID, UUID]) -> None:
    kept, gone = pair
    async with sessions.begin() as session:
        need = await report_need(session, gone, Report(kind="elevator", words="电梯坏了"))
        session.add(NeedFollower(need_id=need.id, resident_id=kept, at=now()))
        await session.flush()
        await merge_people(session, kept, gone)
        assert await session.scalar(select(func.count()).select_from(NeedFollower)) == 0


async def test_of_two_wishes_the_newer_holds(sessions: Sessions, pair: tuple[UUID, UUID]) -> None:
    kept, gone = pair
    with time_machine.travel(datetime(2026, 3, 2, tzinfo=UTC), tick=False) as clock:
        async with sessions.begin() as session:
            await set_preference(session, kept, most_a_day=1)
            await set_follow(session, gone, "water", follows=False)
            clock.shift(timedelta(hours=1))
            await set_preference(session, gone, most_a_day=5)
            await set_follow(session, kept, "water", follows=True)
            await merge_people(session, kept, gone)
            assert (await session.get_one(ContactPreference, kept)).most_a_day == 5
            assert await get_follows(session, kept) == {"water": True}


async def test_it_waits_while_the_other_channel_is_answered(
    sessions: Sessions, pair: tuple[UUID, UUID]
) -> None:
    async with sessions.begin() as session:
        session.add(TurnLease(resident_id=pair[1], owner="a", until=now() + timedelta(seconds=5)))
        await session.flush()
        with pytest.raises(Refused, match="link_busy"):
            await merge_people(session, *pair)


async def test_who_is_no_more_is_not_found(sessions: Sessions, pair: tuple[UUID, UUID]) -> None:
    async with sessions.begin() as session:
        with pytest.raises(NotFound):
            await merge_people(session, pair[0], uuid4())


async def test_addresses_keep_their_threads(sessions: Sessions, pair: tuple[UUID, UUID]) -> None:
    async with sessions.begin() as session:
        await merge_people(session, *pair)
        addresses = (
            await session.scalars(select(Address.channel).where(Address.resident_id == pair[0]))
        ).all()
    assert sorted(addresses) == ["telegram", "web"]


async def test_of_two_merges_at_once_one_is_done(sessions: Sessions, pair: tuple[UUID, UUID]) -> None:
    async def merge(kept: UUID, gone: UUID) -> bool:
        try:
            async with sessions.begin() as session:
                await merge_people(session, kept, gone)
        except NotFound:
            return False
        return True

    done = await asyncio.gather(merge(*pair), merge(*reversed(pair)), merge(*pair))
    assert sorted(done) == [False, False, True]


async def test_what_is_written_meanwhile_is_moved_or_comes_again(
    sessions: Sessions, cast: Cast, pair: tuple[UUID, UUID]
) -> None:
    kept, gone = pair

    async def write(number: int) -> bool:
        incoming = Incoming("web", "owner", f"m{number}", "在吗")
        try:
            async with sessions.begin() as session:
                await store_inbound(session, Known(cast.owner.address_id, gone), incoming)
        except IntegrityError:
            return False
        return True

    async def merge() -> bool:
        async with sessions.begin() as session:
            await merge_people(session, kept, gone)
        return True

    *stored, _ = await asyncio.gather(*(write(number) for number in range(6)), merge())
    async with sessions() as session:
        owners = (await session.scalars(select(InboundMessage.resident_id))).all()
    assert owners == [kept] * sum(stored)


async def count_rows(session: AsyncSession, resident_id: UUID) -> int:
    """How many rows of all tables lead to a resident."""
    counts = [
        await session.scalar(select(func.count()).where(column_of(name) == resident_id)) for name in RULES
    ]
    return sum(count or 0 for count in counts)
