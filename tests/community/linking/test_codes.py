"""Codes of six digits: shown once, typed in time, guessed by nobody; what they link, and how a channel is let go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.contact.usecases import set_preference
from community.errors import NotFound, Refused, TooMany
from community.linking.codes import (
    LASTS,
    MOST_CODES,
    MOST_TOGETHER,
    MOST_TRIES,
    find_stop,
    forget_old_codes,
    make_code,
)
from community.linking.models import LinkCode
from community.linking.unlinking import find_others, unlink_address
from community.linking.usecases import Said, confirm_code, enter_code
from community.needs.usecases.residents import Report, report_need
from community.outbox.models import OutboxMessage, OutboxState
from community.outbox.usecases import enqueue_message
from community.parties.models import PartyType
from community.residents.models import Address, AddressState, Resident
from community.residents.queries import find_addresses
from community.residents.usecases import Known, find_person, meet_person
from community.staff_reach.linking import link_staff
from linli.database import Sessions
from tests.cast import Cast

MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
async def other(sessions: Sessions, cast: Cast) -> Known:
    """Somebody new on Telegram."""
    async with sessions.begin() as session:
        return await meet_person(session, "telegram", "zhang_xiulan", community_id=cast.here.community.id)


async def show(session: AsyncSession, known: Known) -> str:
    """A new code of this person."""
    shown = await make_code(session, resident_id=known.resident_id, address_id=known.address_id)
    return shown.digits


async def enter(session: AsyncSession, known: Known, digits: str) -> Said:
    """What a typed code was."""
    return (await enter_code(session, known.resident_id, known.address_id, digits)).said


def wrong(digits: str, step: int = 1) -> str:
    """Another code."""
    return f"{(int(digits) + step) % 1_000_000:06}"


async def test_a_code_links_and_the_other_side_is_told(sessions: Sessions, cast: Cast, other: Known) -> None:
    async with sessions.begin() as session:
        digits = await show(session, cast.owner)
        typed = await enter_code(session, other.resident_id, other.address_id, digits)
        assert (typed.said, typed.channel) == (Said.LINKED, "web")
    async with sessions() as session:
        assert await session.get(Resident, cast.owner.resident_id) is None
        told = (await session.scalars(select(OutboxMessage))).one()
        assert (told.message, told.channel, told.resident_id) == ("link_told", "web", other.resident_id)
        assert await session.scalar(select(func.count()).select_from(LinkCode)) == 0


async def test_the_digits_are_not_kept(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        digits = await show(session, cast.owner)
        kept = (await session.scalars(select(LinkCode.fingerprint))).one()
    assert digits not in kept


async def test_who_has_own_matters_is_asked_once_more(sessions: Sessions, cast: Cast, other: Known) -> None:
    async with sessions.begin() as session:
        await report_need(session, other.resident_id, Report(kind="noise", words="太吵"))
        digits = await show(session, cast.owner)
        typed = await enter_code(session, other.resident_id, other.address_id, digits)
        assert typed.said is Said.ASKED
        assert typed.code_id is not None
        assert await session.get(Resident, cast.owner.resident_id) is not None
        stranger = cast.stranger
        not_theirs = await confirm_code(
            session, stranger.resident_id, stranger.address_id, typed.code_id, yes=True
        )
        assert not_theirs.said is Said.UNKNOWN
        linked = await confirm_code(session, other.resident_id, other.address_id, typed.code_id, yes=True)
        assert linked.said is Said.LINKED


async def test_a_no_ends_the_code(sessions: Sessions, cast: Cast, other: Known) -> None:
    async with sessions.begin() as session:
        await report_need(session, other.resident_id, Report(kind="noise", words="太吵"))
        digits = await show(session, cast.owner)
        typed = await enter_code(session, other.resident_id, other.address_id, digits)
        assert typed.code_id is not None
        await confirm_code(session, other.resident_id, other.address_id, typed.code_id, yes=False)
        assert await enter(session, other, digits) is Said.UNKNOWN


async def test_a_code_is_over_after_ten_minutes(sessions: Sessions, cast: Cast, other: Known) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        async with sessions.begin() as session:
            digits = await show(session, cast.owner)
            clock.shift(LASTS)
            assert await enter(session, other, digits) is Said.UNKNOWN
            assert await forget_old_codes(session, MONDAY + LASTS) == 1


async def test_a_new_code_ends_the_one_before_and_nobody_elses(
    sessions: Sessions, cast: Cast, other: Known
) -> None:
    async with sessions.begin() as session:
        neighbours = await show(session, cast.neighbour)
        first = await show(session, cast.owner)
        second = await show(session, cast.owner)
        assert await enter(session, other, first) is (Said.UNKNOWN if first != second else Said.LINKED)
        assert await enter(session, other, neighbours) is Said.LINKED


async def test_an_own_code_is_typed_elsewhere(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        digits = await show(session, cast.owner)
        assert await enter(session, cast.owner, digits) is Said.SAME


async def test_five_tries_an_hour(sessions: Sessions, cast: Cast, other: Known) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        async with sessions.begin() as session:
            digits = await show(session, cast.owner)
            for step in range(1, MOST_TRIES + 1):
                assert await find_stop(session, other.resident_id) is None
                assert await enter(session, other, wrong(digits, step)) is Said.UNKNOWN
            assert await find_stop(session, other.resident_id) == "link_spent"
            assert await enter(session, other, digits) is Said.UNKNOWN
            clock.shift(timedelta(hours=1))
            digits = await show(session, cast.owner)
            assert await enter(session, other, digits) is Said.LINKED


async def test_strangers_neither_guess_a_code_nor_make_it_void(
    sessions: Sessions, cast: Cast, other: Known
) -> None:
    async with sessions.begin() as session:
        digits = await show(session, cast.owner)
        for number in range(MOST_TOGETHER):
            guesser = await meet_person(session, "web", f"guesser {number}")
            assert await enter(session, guesser, wrong(digits, number + 1)) is Said.UNKNOWN
        last = await meet_person(session, "web", "last")
        assert await find_stop(session, last.resident_id) == "link_other_way"
        assert await enter(session, last, digits) is Said.UNKNOWN
        shown = await show(session, last)  # the other way round it goes on
        assert await find_stop(session, other.resident_id) is None
        assert await enter(session, other, shown) is Said.LINKED
        assert await enter(session, other, digits) is Said.LINKED


async def test_so_many_codes_an_hour(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        for _ in range(MOST_CODES):
            await show(session, cast.owner)
        with pytest.raises(TooMany):
            await show(session, cast.owner)


async def test_a_channel_that_is_let_go_has_a_new_person(
    sessions: Sessions, cast: Cast, other: Known
) -> None:
    async with sessions.begin() as session:
        await enter(session, other, await show(session, cast.owner))
        await set_preference(session, other.resident_id, channel="telegram")
        await enqueue_message(session, other.resident_id, "greeting", "waits")
        assert await unlink_address(session, other.resident_id, other.address_id) == "telegram"
    async with sessions.begin() as session:
        waits = (await session.scalars(select(OutboxMessage).where(OutboxMessage.purpose == "waits"))).one()
        assert (waits.channel, waits.state) == ("web", OutboxState.PENDING)
        left = await find_addresses(session, other.resident_id)
        assert [address.channel for address in left] == ["web"]
        assert await find_others(session, other.resident_id, left[0].id) == []
        old = await session.get_one(Address, other.address_id)
        assert (old.state, "zhang_xiulan" in old.outside_id) == (AddressState.STOPPED, False)
        assert await find_person(session, "telegram", "zhang_xiulan") is None
        fresh = await meet_person(session, "telegram", "zhang_xiulan")
        assert fresh.resident_id != other.resident_id


async def test_what_is_queued_for_a_channel_that_is_let_go_is_sent_on_as_it_stands(
    sessions: Sessions, cast: Cast, other: Known
) -> None:
    colleague = cast.here.staff[PartyType.COMMITTEE]
    later, long_ago = MONDAY + timedelta(days=1), MONDAY - timedelta(days=3)
    queued = {
        "waited": (OutboxState.WAITING, long_ago),
        "later": (OutboxState.PENDING, later),
        "held": (OutboxState.HELD, long_ago),
        f"staff:{colleague.staff_id}:clock": (OutboxState.WAITING, long_ago),
    }
    with time_machine.travel(MONDAY, tick=False):
        async with sessions.begin() as session:
            await enter(session, other, await show(session, cast.owner))
            await set_preference(session, other.resident_id, channel="telegram")
            await link_staff(session, colleague.staff_id, other.resident_id, other.address_id)
            for purpose, (state, due_at) in queued.items():
                await enqueue_message(session, other.resident_id, "greeting", purpose, due_at=due_at)
                row = await queued_for(session, purpose)
                row.state, row.attempts = state, 2
            await session.flush()
            await unlink_address(session, other.resident_id, other.address_id)
    async with sessions() as session:
        rows = [await queued_for(session, purpose) for purpose in queued]
    assert [(row.channel, row.state, row.due_at, row.attempts) for row in rows] == [
        ("web", OutboxState.PENDING, MONDAY, 0),
        ("web", OutboxState.PENDING, later, 0),
        ("telegram", OutboxState.HELD, long_ago, 2),
        ("telegram", OutboxState.SUPPRESSED, long_ago, 2),
    ]


async def queued_for(session: AsyncSession, purpose: str) -> OutboxMessage:
    """What is queued for this purpose."""
    return (await session.scalars(select(OutboxMessage).where(OutboxMessage.purpose == purpose))).one()


async def test_the_last_channel_stays_and_nobody_lets_go_anothers(
    sessions: Sessions, cast: Cast, other: Known
) -> None:
    async with sessions.begin() as session:
        with pytest.raises(Refused, match="link_is_only"):
            await unlink_address(session, other.resident_id, other.address_id)
        for address_id in (cast.owner.address_id, uuid4()):
            with pytest.raises(NotFound):
                await unlink_address(session, other.resident_id, UUID(str(address_id)))
