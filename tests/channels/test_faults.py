"""A platform that is slow, down or refuses us: nothing is lost, nothing is tried to death, and no other waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from channels.consequences import CONSEQUENCES
from channels.contract import Incoming, Outcome, Outgoing
from channels.delivery import KEEP_SECONDS
from channels.errors import SendError
from community.clock import now
from community.outbox.models import ChannelPace, OutboxMessage, Priority
from community.outbox.paces import find_paces, lock_channel, note_trouble, note_well, rest_after_nothing
from community.outbox.usecases import enqueue_message
from community.residents.models import Address
from linli.database import Sessions
from tests.channels.conftest import until
from tests.channels.platform_stand_in import Platform, come
from tests.delivering import Delivery

pytestmark = pytest.mark.usefixtures("cast")
SECOND = timedelta(seconds=1)


@pytest.fixture
def platform() -> Platform:
    """The platform that has its troubles."""
    return Platform()


@pytest.fixture
def other() -> Platform:
    """A platform that has none."""
    return Platform("other")


@pytest.fixture
def delivery(sessions: Sessions, platform: Platform, other: Platform) -> Delivery:
    """By both."""
    return Delivery(sessions, {"platform": platform, "other": other}, hold_after=timedelta(hours=24))


async def _queue(sessions: Sessions, name: str, channel: str = "platform") -> UUID:
    """One message to somebody of their own."""
    incoming = Incoming(channel, name, f"{channel}:{name}", "好")
    resident_id = (await come(sessions, incoming)).known.resident_id
    async with sessions.begin() as session:
        await enqueue_message(session, resident_id, name, f"{channel}:{name}", priority=Priority.REPLY)
    return resident_id


async def _rows(sessions: Sessions) -> dict[str, OutboxMessage]:
    async with sessions() as session:
        return {row.message: row for row in await session.scalars(select(OutboxMessage))}


async def _state(sessions: Sessions, name: str) -> tuple[str, str | None, int]:
    row = (await _rows(sessions))[name]
    return row.state.value, row.reason, row.attempts


def _only(name: str, error: SendError, retry_after: float | None = None) -> Callable[[Outgoing], Outcome]:
    return lambda row: Outcome(row.id, error if row.message == name else None, retry_after=retry_after)


def test_every_error_has_its_consequence() -> None:
    assert set(CONSEQUENCES) == set(SendError)


@pytest.mark.parametrize("error", [SendError.UNREACHABLE, SendError.BUSY, SendError.MISCONFIGURED])
async def test_a_platform_that_is_down_for_an_hour_gets_everything_after_it(
    sessions: Sessions, delivery: Delivery, platform: Platform, error: SendError
) -> None:
    for number in range(30):
        await _queue(sessions, f"m{number:02}")
    platform.refuse(error)
    start = now()
    for minute in range(60):
        await delivery.deliver_due(start + timedelta(minutes=minute))
    tried = [len(batch) for batch in platform.batches]
    assert tried[0] == 30
    assert set(tried[1:]) == {10}
    assert all(row.attempts == 0 for row in (await _rows(sessions)).values())
    async with sessions() as session:
        [pace] = await find_paces(session, start + timedelta(minutes=60))
    assert (pace.channel, pace.reason) == ("platform", error.value)
    platform.agree()
    for minute in range(60, 64):
        await delivery.deliver_due(start + timedelta(minutes=minute))
    assert [message for _, message in platform.told] == [f"m{number:02}" for number in range(30)]
    async with sessions() as session:
        assert not await find_paces(session, start + timedelta(minutes=65))


async def test_a_channel_that_is_down_rests_longer_and_longer(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    await _queue(sessions, "m")
    platform.refuse(SendError.UNREACHABLE)
    start = now()
    for second in range(80):
        await delivery.deliver_due(start + second * SECOND)
    assert 5 <= len(platform.batches) <= 9  # at 0, 1, 3, 7, 15, 31, 61


async def test_one_message_that_is_not_taken_has_three_tries(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    for name in ("bad", "good1", "good2", "good3"):
        await _queue(sessions, name)
    platform.answer = _only("bad", SendError.BUSY)
    start = now()
    await delivery.deliver_due(start)
    assert await _state(sessions, "bad") == ("pending", "busy", 1)
    for number in (2, 3):
        await _queue(sessions, f"with{number}")
        await delivery.deliver_due(start + timedelta(hours=number))
    assert await _state(sessions, "bad") == ("failed", "busy", 3)


async def test_when_the_platform_names_a_time_it_is_no_try_and_not_earlier(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    await _queue(sessions, "late")
    await _queue(sessions, "good")
    platform.answer = _only("late", SendError.BUSY, retry_after=90)
    await delivery.deliver_due(now())
    assert await _state(sessions, "late") == ("pending", "busy", 0)
    assert (await _rows(sessions))["late"].due_at > now() + timedelta(seconds=80)


async def test_too_fast_rests_the_channel_and_counts_no_try(
    sessions: Sessions, delivery: Delivery, platform: Platform, other: Platform
) -> None:
    await _queue(sessions, "m1")
    platform.refuse(SendError.RATE_LIMITED, retry_after=30)
    await delivery.deliver_due(now())
    platform.agree()
    await _queue(sessions, "m2")
    await _queue(sessions, "elsewhere", "other")
    await delivery.deliver_due(now() + 20 * SECOND)
    assert (platform.told, other.told) == ([], [("elsewhere", "elsewhere")])
    await delivery.deliver_due(now() + 40 * SECOND)
    assert [message for _, message in platform.told] == ["m1", "m2"]


async def test_a_rest_begins_when_the_platform_says_so(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    await _queue(sessions, "m")
    platform.refuse(SendError.RATE_LIMITED, retry_after=2)
    platform.gate = asyncio.Event()
    start = now()
    sending = asyncio.create_task(delivery.deliver_due(start))

    await until(platform.is_asked)
    await asyncio.sleep(1)
    platform.gate.set()
    await sending
    async with sessions() as session:
        pace = await session.get_one(ChannelPace, "platform")
    assert pace.rests_until is not None
    assert pace.rests_until >= start + 3 * SECOND


async def test_what_became_of_a_batch_waits_for_a_claim_without_holding_its_people(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    await _queue(sessions, "m")
    async with sessions.begin() as session:
        await session.execute(update(Address).values(may_send=5))
        await lock_channel(session, "platform", now(), 1, None)
    platform.refuse(SendError.RATE_LIMITED, retry_after=2)
    platform.gate = asyncio.Event()
    sending = asyncio.create_task(delivery.deliver_due(now()))

    async def is_sending() -> bool:
        return bool(platform.batches)

    async def waits() -> bool:
        async with sessions() as session:
            return bool(await session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))

    await until(is_sending)
    async with sessions.begin() as session:  # a claim: first the channel, then its people
        await lock_channel(session, "platform", now(), 1, None)
        platform.gate.set()
        await until(waits)
        await session.scalar(select(Address.id).with_for_update(nowait=True))
    await sending


async def test_a_spent_quota_rests_until_tomorrow(sessions: Sessions, platform: Platform) -> None:
    delivery = Delivery(sessions, {"platform": platform}, hold_after=timedelta(hours=48))
    await _queue(sessions, "m")
    platform.refuse(SendError.QUOTA_SPENT)
    await delivery.deliver_due(now())
    async with sessions() as session:
        pace = (await session.scalars(select(ChannelPace).where(ChannelPace.channel == "platform"))).one()
        [hour] = (
            await session.execute(
                text(
                    "SELECT extract(hour FROM rests_until AT TIME ZONE 'Asia/Shanghai') FROM channel_paces "
                    "WHERE channel = 'platform'"
                )
            )
        ).one()
    assert (pace.reason, int(hour)) == ("quota_spent", 0)
    assert await _state(sessions, "m") == ("pending", "quota_spent", 0)
    platform.agree()
    assert pace.rests_until is not None
    await delivery.deliver_due(pace.rests_until)
    assert platform.told == [("m", "m")]


@pytest.mark.parametrize("error", [SendError.KIND_SPENT, SendError.KIND_CLOSED])
async def test_a_kind_that_is_not_taken_rests_nothing_and_the_operator_sees_it(
    sessions: Sessions, delivery: Delivery, platform: Platform, error: SendError
) -> None:
    await _queue(sessions, "picture")
    await _queue(sessions, "words")
    platform.answer = _only("picture", error)
    await delivery.deliver_due(now())
    assert await _state(sessions, "picture") == ("waiting", error.value, 1)
    assert platform.told == [("words", "words")]
    await _queue(sessions, "more")
    await delivery.deliver_due(now() + SECOND)  # all of it goes well, and the kind is still not taken
    async with sessions() as session:
        assert [pace.reason for pace in await find_paces(session, now())] == [error.value]
    async with sessions.begin() as session:
        await note_well(session, "platform", now() + timedelta(hours=25))
        assert not await find_paces(session, now() + timedelta(hours=25))


async def test_a_part_that_went_is_not_forgotten(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    """The words went and the picture did not: staff decide whether all of it comes again, which is uncertain then."""
    await _queue(sessions, "m")
    platform.answer = lambda row: Outcome(row.id, SendError.KIND_SPENT, used=1)
    await delivery.deliver_due(now())
    assert await _state(sessions, "m") == ("failed", "kind_spent", 1)
    assert (await _rows(sessions))["m"].uncertain


async def test_a_channel_that_went_well_is_fast_again_though_a_kind_is_not_taken(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        for _ in range(5):
            await rest_after_nothing(session, "platform", now(), "unreachable")
        await note_trouble(session, "platform", now(), "kind_spent")
        await note_well(session, "platform", now() + timedelta(minutes=1))
        assert (
            await lock_channel(session, "platform", now() + timedelta(minutes=1), 400, None)
        ).messages == 400
        assert [pace.reason for pace in await find_paces(session, now())] == ["kind_spent"]


async def test_whoever_is_gone_here_is_told_elsewhere(
    sessions: Sessions, delivery: Delivery, platform: Platform, other: Platform
) -> None:
    resident_id = await _queue(sessions, "m")
    async with sessions.begin() as session:
        await enqueue_message(
            session,
            resident_id,
            "later",
            "later",
            due_at=now() + timedelta(hours=1),
            priority=Priority.URGENT,
        )
        session.add(
            Address(
                resident_id=resident_id, channel="other", outside_id="w", last_seen_at=now() - 60 * SECOND
            )
        )
    platform.refuse(SendError.NOBODY_THERE)
    await delivery.deliver_due(now())
    await delivery.deliver_due(now())
    assert other.told == [("w", "m")]
    await delivery.deliver_due(now() + timedelta(minutes=61))
    assert other.told == [("w", "m"), ("w", "later")]


async def test_who_comes_back_while_a_refusal_is_on_its_way_is_not_stopped(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    await _queue(sessions, "m")
    platform.refuse(SendError.NOBODY_THERE)
    platform.gate = asyncio.Event()
    sending = asyncio.create_task(delivery.deliver_all(now()))
    await until(platform.is_asked)
    await come(sessions, Incoming("platform", "m", "platform:back", "我回来了"))
    platform.gate.set()
    await sending
    async with sessions() as session:
        here = select(Address.state).where(Address.channel == "platform")
        assert (await session.scalars(here)).all() == ["active"]
    assert await _state(sessions, "m") == ("failed", "nobody_there", 1)


async def test_a_lost_answer_is_tried_again_and_marked(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    await _queue(sessions, "m")
    platform.refuse(SendError.LOST_ANSWER)
    await delivery.deliver_due(now())
    assert (await _rows(sessions))["m"].uncertain


async def test_what_belongs_to_a_channel_that_is_off_is_shown_to_staff(
    sessions: Sessions, delivery: Delivery
) -> None:
    await _queue(sessions, "m", "gone")
    await delivery.tidy(now())
    assert await _state(sessions, "m") == ("failed", "misconfigured", 0)


async def test_a_hanging_platform_holds_up_no_other_and_keeps_its_leases(
    sessions: Sessions,
    delivery: Delivery,
    platform: Platform,
    other: Platform,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("channels.delivery.KEEP_SECONDS", 0.05)
    assert KEEP_SECONDS * 3 < 10
    await _queue(sessions, "stuck")
    platform.gate = asyncio.Event()
    hanging = asyncio.create_task(delivery.deliver_all(now()))

    async def is_hanging() -> bool:
        """The platform was asked, and the first look at the other one, which has nothing yet, is over."""
        return bool(platform.batches) and delivery._drains._busy == {"platform"}

    await until(is_hanging)
    async with sessions.begin() as session:
        await session.execute(update(OutboxMessage).values(lease_until=now() - SECOND))
    for number in range(3):
        await _queue(sessions, f"m{number}", "other")
        assert await delivery.deliver_all(now()) == 1
    assert len(other.told) == 3

    async def is_kept() -> bool:
        lease = (await _rows(sessions))["stuck"].lease_until
        return lease is not None and lease > now()

    await until(is_kept)
    await delivery.tidy(now())
    assert (await _state(sessions, "stuck"))[0] == "sending"
    platform.gate.set()
    assert await hanging == 1
    assert platform.told == [("stuck", "stuck")]


async def test_nobody_has_two_senders_at_once(
    sessions: Sessions, delivery: Delivery, platform: Platform, other: Platform
) -> None:
    resident_id = await _queue(sessions, "first")
    second = Delivery(sessions, {"platform": platform, "other": other}, hold_after=timedelta(hours=24))
    platform.gate = asyncio.Event()
    sending = asyncio.create_task(delivery.deliver_due(now()))

    await until(platform.is_asked)
    async with sessions.begin() as session:
        await enqueue_message(session, resident_id, "second", "second")
    assert await second.deliver_due(now()) == 0
    platform.gate.set()
    await sending
    assert await second.deliver_due(now()) == 1
    assert [message for _, message in platform.told] == ["first", "second"]


async def test_a_drain_delivers_everything_in_batches(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    for number in range(3):
        resident_id = await _queue(sessions, f"p{number}")
        async with sessions.begin() as session:
            for row in range(100):
                await enqueue_message(session, resident_id, f"p{number}:{row}", f"p{number}:{row}")
    assert await delivery.deliver_all(now()) == 303
    for number in range(3):
        told = [message for to, message in platform.told if to == f"p{number}"]
        assert told == [f"p{number}", *(f"p{number}:{row}" for row in range(100))]
