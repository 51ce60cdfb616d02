"""Budgets and windows: what may not be sent now is never counted as sent; it waits, expires, or goes another way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select, text, update

from channels.bot_client import BotClient
from channels.contract import Grant, Incoming, Outcome, Pace
from channels.errors import SendError
from channels.receiving import stop
from channels.turns import TurnRunner
from community.clock import now
from community.contact.usecases import set_preference
from community.inbox.models import InboundMessage
from community.outbox.models import OutboxMessage, OutboxState, Priority
from community.outbox.reserving import reserve
from community.outbox.usecases import enqueue_message, withdraw_messages
from community.outbox.waiting import free_waiting
from community.parties.models import PartyType
from community.places.models import Level, Place
from community.places.scenes import scene_of
from community.residents.models import Address, AddressState, HomeClaim, Resident
from community.residents.usecases import Known
from community.staff_reach.linking import link_staff
from linli.database import Sessions
from tests.cast import Cast
from tests.channels.bot_stand_in import BotStandIn
from tests.channels.conftest import until
from tests.channels.platform_stand_in import DAYS_2, PLAIN, Platform, come
from tests.delivering import Delivery

pytestmark = pytest.mark.usefixtures("cast")
COUNTED = replace(PLAIN, window=DAYS_2, budget=True)
FIVE = Grant(5, DAYS_2)
HELLO = Incoming("platform", "o1", "m1", "你好", grant=FIVE)


@pytest.fixture
def platform() -> Platform:
    """A platform that lets us send five messages in two days after each of the person's."""
    return Platform(abilities=COUNTED)


@pytest.fixture
def web() -> Platform:
    """Another channel, without limits."""
    return Platform("other")


@pytest.fixture
def delivery(sessions: Sessions, platform: Platform, web: Platform) -> Delivery:
    """By both."""
    return Delivery(sessions, {"platform": platform, "other": web}, hold_after=timedelta(hours=24))


async def _meet(sessions: Sessions, incoming: Incoming = HELLO) -> UUID:
    resident_id = (await come(sessions, incoming)).known.resident_id
    async with sessions.begin() as session:
        await session.execute(update(InboundMessage).values(state="handled"))
    return resident_id


async def _queue(
    sessions: Sessions, resident_id: UUID, rows: int, name: str = "m", expires: timedelta | None = None
) -> None:
    async with sessions.begin() as session:
        for number in range(rows):
            message = f"{name}{number}"
            ends = now() + expires if expires else None
            await enqueue_message(
                session, resident_id, message, message, expires_at=ends, priority=Priority.URGENT
            )


async def _states(sessions: Sessions) -> dict[str, tuple[str, str | None]]:
    async with sessions() as session:
        rows = await session.scalars(select(OutboxMessage).order_by(OutboxMessage.seq))
        return {row.message: (row.state.value, row.reason) for row in rows}


async def _address(sessions: Sessions, outside_id: str = "o1") -> Address:
    async with sessions() as session:
        return (await session.scalars(select(Address).where(Address.outside_id == outside_id))).one()


def _address_at_other(resident_id: UUID) -> Address:
    return Address(resident_id=resident_id, channel="other", outside_id="w1", last_seen_at=now())


async def test_five_go_and_the_sixth_waits_for_the_next_contact(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    resident_id = await _meet(sessions)
    await _queue(sessions, resident_id, 6)
    await delivery.deliver_due(now())
    assert [message for _, message in platform.told] == ["m0", "m1", "m2", "m3", "m4"]
    assert (await _states(sessions))["m5"] == ("waiting", "budget_spent")
    assert (await _address(sessions)).may_send == 0
    assert await delivery.deliver_due(now()) == 0
    await _meet(sessions, replace(HELLO, message_id="m2"))
    assert (await _states(sessions))["m5"] == ("pending", "freed")
    await delivery.deliver_due(now())
    assert (await _states(sessions))["m5"] == ("sent", None)
    assert (await _address(sessions)).may_send == 4


async def test_a_repeat_of_a_message_grants_nothing(sessions: Sessions, delivery: Delivery) -> None:
    resident_id = await _meet(sessions)
    await _queue(sessions, resident_id, 3)
    await delivery.deliver_due(now())
    await _meet(sessions)
    assert (await _address(sessions)).may_send == 2


async def test_nothing_adds_up_and_a_click_gives_less(sessions: Sessions, platform: Platform) -> None:
    await _meet(sessions)
    await _meet(sessions, replace(HELLO, message_id="click", grant=Grant(3, timedelta(minutes=1))))
    address = await _address(sessions)
    assert address.may_send == 3
    assert address.window_until is not None
    assert address.window_until - now() < timedelta(minutes=1, seconds=1)
    assert not platform.told


async def test_a_closed_window_is_not_tried(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    resident_id = await _meet(sessions)
    await _queue(sessions, resident_id, 1)
    await delivery.deliver_due(now() + timedelta(hours=23))
    await _queue(sessions, resident_id, 1, "later")
    async with sessions.begin() as session:
        await session.execute(update(Address).values(window_until=now() - timedelta(seconds=1)))
    await delivery.deliver_due(now())
    assert platform.told == [("o1", "m0")]
    assert (await _states(sessions))["later0"] == ("waiting", "window_over")


async def test_what_waited_too_long_expires(sessions: Sessions, delivery: Delivery) -> None:
    resident_id = await _meet(sessions, replace(HELLO, grant=Grant(0, DAYS_2)))
    await _queue(sessions, resident_id, 1, expires=timedelta(hours=1))
    await delivery.deliver_due(now())
    assert (await _states(sessions))["m0"] == ("waiting", "budget_spent")
    await delivery.tidy(now() + timedelta(hours=2))
    assert (await _states(sessions))["m0"][0] == "expired"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (SendError.WINDOW_OVER, "window_over"),
        (SendError.BUDGET_SPENT, "budget_spent"),
        (SendError.NEEDS_CONSENT, "needs_consent"),
    ],
)
async def test_what_the_platform_says_is_believed_and_nothing_counts_as_sent(
    sessions: Sessions, delivery: Delivery, platform: Platform, error: SendError, reason: str
) -> None:
    resident_id = await _meet(sessions)
    await _queue(sessions, resident_id, 1)
    platform.refuse(error)
    await delivery.deliver_due(now())
    assert (await _states(sessions))["m0"] == ("waiting", reason)
    platform.agree()
    await _queue(sessions, resident_id, 1, "next")
    await delivery.deliver_due(now())
    went = error is SendError.NEEDS_CONSENT  # which says nothing of other messages
    assert (await _states(sessions))["next0"][0] == ("sent" if went else "waiting")
    assert platform.told == ([("o1", "next0")] if went else [])


async def test_another_channel_of_the_person_carries_what_this_one_may_not(
    sessions: Sessions, delivery: Delivery, platform: Platform, web: Platform
) -> None:
    resident_id = await _meet(sessions, replace(HELLO, grant=Grant(1, DAYS_2)))
    async with sessions.begin() as session:
        other = Address(resident_id=resident_id, channel="other", outside_id="w1", last_seen_at=now())
        other.last_seen_at -= timedelta(days=1)
        session.add(other)
    await _queue(sessions, resident_id, 2)
    await delivery.deliver_due(now())
    await delivery.deliver_due(now())
    assert (platform.told, web.told) == ([("o1", "m0")], [("w1", "m1")])


NIGHT = datetime(2026, 3, 4, 15, tzinfo=UTC)  # eleven in the evening in Guangzhou
MORNING = datetime(2026, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("priority", "own", "due"),
    [
        (Priority.NORMAL, None, MORNING),
        (Priority.BULK, None, MORNING),
        (Priority.BULK, (2 * 60, 5 * 60), NIGHT),
        (Priority.BULK, (20 * 60, 10 * 60), MORNING + timedelta(hours=2)),
        (Priority.URGENT, None, NIGHT),
        (Priority.REPLY, None, NIGHT),
    ],
)
async def test_what_goes_another_way_wakes_nobody_who_sleeps(
    sessions: Sessions, delivery: Delivery, web: Platform,
    priority: Priority, own: tuple[int, int] | None, due: datetime,
) -> None:  # fmt: skip
    with time_machine.travel(NIGHT, tick=False):
        resident_id = await _meet(sessions, replace(HELLO, grant=Grant(0, DAYS_2)))
        async with sessions.begin() as session:
            session.add(_address_at_other(resident_id))
            await set_preference(session, resident_id, quiet=own)
            there = await _address(sessions)
            await enqueue_message(session, resident_id, "m0", "m0", address=there, priority=priority)
        await delivery.deliver_due(NIGHT)
        await delivery.tidy(NIGHT)
        await delivery.deliver_due(NIGHT)
    assert web.told == [("w1", "m0")] * (due == NIGHT)
    async with sessions() as session:
        assert await session.scalar(select(OutboxMessage.due_at)) == due
    await delivery.deliver_due(due)
    assert web.told == [("w1", "m0")]


async def test_what_goes_another_way_goes_where_its_person_chose(
    sessions: Sessions, delivery: Delivery, web: Platform
) -> None:
    resident_id = await _meet(sessions, replace(HELLO, grant=Grant(0, DAYS_2)))
    async with sessions.begin() as session:
        chosen = _address_at_other(resident_id)
        chosen.last_seen_at -= timedelta(days=60)
        session.add_all(
            [chosen, Address(resident_id=resident_id, channel="x", outside_id="x1", last_seen_at=now())]
        )
        await session.flush()
        await set_preference(session, resident_id, channel="other")
        there = await _address(sessions)
        await enqueue_message(session, resident_id, "m0", "m0", address=there, priority=Priority.URGENT)
    both = Delivery(
        sessions,
        {"platform": Platform(abilities=COUNTED), "other": web, "x": Platform("x")},
        hold_after=timedelta(hours=24),
    )
    for _ in range(2):
        await both.deliver_due(now())
    assert web.told == [("w1", "m0")]


async def test_somebody_who_has_not_been_there_for_long_is_not_reached_there(
    sessions: Sessions, delivery: Delivery, web: Platform
) -> None:
    await delivery.tidy(now())
    resident_id = await _meet(sessions, replace(HELLO, grant=Grant(0, DAYS_2)))
    long_ago = now() - timedelta(days=31)
    async with sessions.begin() as session:
        session.add(Address(resident_id=resident_id, channel="other", outside_id="w1", last_seen_at=long_ago))
    await _queue(sessions, resident_id, 1)
    await delivery.deliver_due(now())
    assert (await _states(sessions))["m0"] == ("waiting", "budget_spent")
    async with sessions.begin() as session:  # then they come by the web, whose door does not look
        address = (await session.scalars(select(Address).where(Address.outside_id == "w1"))).one()
        address.last_seen_at = now()
        session.add(
            InboundMessage(
                address_id=address.id,
                resident_id=resident_id,
                channel="other",
                outside_id="hello",
                text="在吗",
                due_at=now(),
                received_at=now(),
                state="handled",
            )
        )
    await delivery.tidy(now())
    await delivery.tidy(now())
    await delivery.deliver_due(now())
    assert web.told == [("w1", "m0")]


@pytest.mark.parametrize("error", [SendError.KIND_SPENT, SendError.KIND_CLOSED])
async def test_what_is_refused_for_its_kind_is_tried_again_when_its_person_writes(
    sessions: Sessions, delivery: Delivery, platform: Platform, error: SendError
) -> None:
    await delivery.tidy(now())
    resident_id = await _meet(sessions)
    await _queue(sessions, resident_id, 1)
    platform.refuse(error)
    for neighbour in range(3):
        await delivery.deliver_due(now())
        await _meet(sessions, Incoming("platform", f"n{neighbour}", f"n{neighbour}", "在吗"))
        await delivery.tidy(now())
    assert len(platform.batches) == 1
    assert (await _states(sessions))["m0"] == ("waiting", error.value)
    platform.agree()
    await _meet(sessions, replace(HELLO, message_id="m2"))
    await delivery.deliver_due(now())
    assert platform.told == [("o1", "m0")]


async def test_an_answer_in_the_platform_s_own_request_costs_nothing_and_pieces_cost_more(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    resident_id = await _meet(sessions)
    await _queue(sessions, resident_id, 2)
    used = {"m0": 0, "m1": 3}
    platform.answer = lambda row: Outcome(row.id, used=used[row.message])
    await delivery.deliver_due(now())
    assert (await _address(sessions)).may_send == 2
    assert [row.budget.messages for row in platform.batches[0] if row.budget] == [5, 4]


async def test_what_was_not_sent_is_given_back_to_the_budget(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    resident_id = await _meet(sessions)
    await _queue(sessions, resident_id, 2)
    platform.refuse(SendError.UNREACHABLE)
    await delivery.deliver_due(now())
    assert (await _address(sessions)).may_send == 5


async def test_a_template_goes_out_without_a_window(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    resident_id = await _meet(sessions, replace(HELLO, grant=Grant(0, DAYS_2)))
    platform.any_time = frozenset({"m1"})
    await _queue(sessions, resident_id, 3)
    await delivery.deliver_due(now())
    assert platform.told == [("o1", "m1")]
    assert platform.batches[0][0].budget is None
    assert (await _address(sessions)).may_send == 0


async def test_what_the_office_tells_a_colleague_goes_to_no_account_that_is_not_linked(
    sessions: Sessions, delivery: Delivery, platform: Platform, web: Platform, cast: Cast
) -> None:
    colleague = cast.here.staff[PartyType.COMMITTEE].staff_id
    resident_id = await _meet(sessions, replace(HELLO, grant=Grant(0, DAYS_2)))
    linked = await _address(sessions)
    async with sessions.begin() as session:
        home = Address(resident_id=resident_id, channel="other", outside_id="home", last_seen_at=now())
        session.add(home)
        await link_staff(session, colleague, resident_id, linked.id)
        await enqueue_message(
            session, resident_id, "m0", f"staff:{colleague}:rings", address=linked, due_at=now()
        )
        await enqueue_message(session, resident_id, "m1", "m1", address=linked, priority=Priority.URGENT)
    await delivery.deliver_due(now())
    await delivery.deliver_due(now())
    assert web.told == [("home", "m1")]
    async with sessions.begin() as session:
        await free_waiting(session, Known(home.id, resident_id), now())
    assert (await _states(sessions))["m0"] == ("waiting", "budget_spent")
    async with sessions.begin() as session:
        await link_staff(session, colleague, resident_id, home.id)
        await free_waiting(session, Known(home.id, resident_id), now())
    await delivery.deliver_due(now())
    assert web.told == [("home", "m1"), ("home", "m0")]


@pytest.mark.parametrize("state", [OutboxState.FAILED, OutboxState.HELD])
async def test_what_a_colleague_was_not_told_in_time_expires(
    sessions: Sessions, delivery: Delivery, state: OutboxState
) -> None:
    resident_id = await _meet(sessions)
    async with sessions.begin() as session:
        for name, purpose in (("m0", "staff:somebody:rings"), ("m1", "to a resident")):
            soon = now() + timedelta(hours=1)
            await enqueue_message(session, resident_id, name, purpose, expires_at=soon)
        await session.execute(update(OutboxMessage).values(state=state))
    await delivery.tidy(now())
    assert {word for word, _ in (await _states(sessions)).values()} == {state.value}
    await delivery.tidy(now() + timedelta(hours=2))
    states = await _states(sessions)
    assert (states["m0"][0], states["m1"][0]) == ("expired", state.value)


async def test_nothing_goes_to_an_address_that_was_let_go_meanwhile(
    sessions: Sessions, delivery: Delivery, platform: Platform, web: Platform
) -> None:
    resident_id = await _meet(sessions)
    platform.any_time = frozenset({"m0"})
    gone = await _address(sessions)
    async with sessions.begin() as session:
        session.add(Address(resident_id=resident_id, channel="other", outside_id="home", last_seen_at=now()))
        (await session.get_one(Address, gone.id)).state = AddressState.STOPPED
        for name in ("m0", "m1"):
            await enqueue_message(session, resident_id, name, name, address=gone, priority=Priority.URGENT)
    await delivery.deliver_due(now())
    await delivery.deliver_due(now())
    assert (platform.told, web.told) == ([], [("home", "m0"), ("home", "m1")])


async def test_an_answer_for_an_address_that_was_let_go_meanwhile_waits(sessions: Sessions) -> None:
    resident_id = await _meet(sessions)
    gone = await _address(sessions)
    async with sessions.begin() as session:
        (await session.get_one(Address, gone.id)).state = AddressState.STOPPED
        await enqueue_message(session, resident_id, "m0", "m0", address=gone, due_at=now())
        row = (await session.scalars(select(OutboxMessage))).one()
        row.state = OutboxState.SENDING
        await session.flush()
        reserved = await reserve(
            session, "platform", gone.id, [row.id], now(), rate=None, gap=timedelta(), free=1
        )
    assert (list(reserved.going), list(reserved.waiting)) == ([], [row.id])
    assert (await _states(sessions))["m0"] == ("waiting", "address_stopped")


@pytest.mark.parametrize("error", [SendError.WINDOW_OVER, SendError.BUDGET_SPENT])
async def test_where_the_platform_says_that_the_window_is_over_a_template_goes_next(
    sessions: Sessions, delivery: Delivery, platform: Platform, error: SendError
) -> None:
    resident_id = await _meet(sessions)
    platform.any_time = frozenset({"m0"})
    platform.answer = lambda row: Outcome(row.id, error if row.budget else None)
    await _queue(sessions, resident_id, 2)
    await delivery.deliver_due(now())
    states = await _states(sessions)
    assert (states["m0"], states["m1"][0]) == (("pending", error.value), "waiting")
    await delivery.deliver_due(now())
    assert platform.told == [("o1", "m0")]
    assert (await _states(sessions))["m0"] == ("sent", None)


@pytest.mark.parametrize("error", [SendError.WINDOW_OVER, SendError.BUDGET_SPENT])
async def test_who_writes_while_an_old_refusal_is_recorded_keeps_the_new_window(
    sessions: Sessions, delivery: Delivery, platform: Platform, error: SendError
) -> None:
    resident_id = await _meet(sessions)
    await _queue(sessions, resident_id, 1)
    platform.refuse(error)
    platform.gate = asyncio.Event()
    sending = asyncio.create_task(delivery.deliver_due(now()))

    await until(platform.is_asked)
    await _meet(sessions, replace(HELLO, message_id="m2"))
    platform.gate.set()
    await sending
    address = await _address(sessions)
    assert address.may_send == 5
    assert address.window_until is not None
    assert address.window_until > now() + timedelta(hours=47)


async def test_an_unanswered_message_keeps_room_for_its_answer(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    arrived = await come(sessions, HELLO)
    await _queue(sessions, arrived.known.resident_id, 6)
    await delivery.deliver_due(now())
    assert [message for _, message in platform.told] == ["m0", "m1", "m2"]
    assert {state for state, _ in (await _states(sessions)).values()} == {"sent", "pending"}


async def test_what_waited_stands_before_the_answer(
    sessions: Sessions, delivery: Delivery, platform: Platform, bot: BotStandIn
) -> None:
    resident_id = await _meet(sessions, replace(HELLO, grant=Grant(0, DAYS_2)))
    await _queue(sessions, resident_id, 1)
    await delivery.deliver_due(now())
    client = BotClient(bot.url, timeout=30.0)
    runner = TurnRunner(sessions, client, delivery)
    runner.start()
    await come(sessions, replace(HELLO, message_id="m2"))
    runner.wake(resident_id)

    async def both_told() -> bool:
        states = [state for state, _ in (await _states(sessions)).values()]
        return states == ["sent", "sent"]

    await until(both_told)
    assert [message for _, message in platform.told] == ["m0", "staff_answer"]
    await runner.stop()
    await client.close()


async def test_whoever_blocks_us_is_written_to_no_more_until_they_come_back(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    resident_id = await _meet(sessions)
    await _queue(sessions, resident_id, 1)
    async with sessions.begin() as session:
        assert await stop(session, "platform", "o1") == resident_id
        assert await stop(session, "platform", "nobody") is None
    await delivery.deliver_due(now())
    assert (await _states(sessions))["m0"] == ("suppressed", "address_stopped")
    assert not platform.told
    await _meet(sessions, replace(HELLO, message_id="m2"))
    assert (await _address(sessions)).state is AddressState.ACTIVE


async def test_what_waited_in_a_restored_backup_waits_for_a_person(
    sessions: Sessions, delivery: Delivery
) -> None:
    resident_id = await _meet(sessions, replace(HELLO, grant=Grant(0, DAYS_2)))
    await _queue(sessions, resident_id, 1)
    await delivery.deliver_due(now())
    await delivery.tidy(now())
    async with sessions.begin() as session:  # three weeks later
        await session.execute(text("UPDATE outbox_watch SET tidied_at = tidied_at - interval '21 days'"))
    await _meet(sessions, replace(HELLO, message_id="m2"))
    assert (await _states(sessions))["m0"][0] == "waiting"
    await delivery.tidy(now())
    assert (await _states(sessions))["m0"] == ("held", "too_old")


async def test_a_building_s_code_says_where_somebody_lives(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        building = (
            await session.scalars(
                select(Place).where(
                    Place.level == Level.BUILDING, Place.community_id == cast.here.community.id
                )
            )
        ).first()
    assert building
    arrived = await come(sessions, replace(HELLO, text="", payload="/greet"), scene=scene_of(building))
    assert arrived.new
    async with sessions() as session:
        resident = await session.get_one(Resident, arrived.known.resident_id)
    assert (resident.community_id, resident.home_id) == (building.community_id, building.id)
    assert resident.home_claim is HomeClaim.CLAIMED
    again = await come(sessions, replace(HELLO, message_id="m2"), scene="no such code")
    assert (again.new, again.known) == (False, arrived.known)


async def test_one_a_second_to_one_person_and_thirty_to_all(sessions: Sessions) -> None:
    platform = Platform(abilities=replace(PLAIN, pace=Pace(all_per_second=30, one_per_second=1)))
    delivery = Delivery(sessions, {"platform": platform}, hold_after=timedelta(hours=24))
    start = now()
    talker = await _meet(sessions, replace(HELLO, grant=None))
    await _queue(sessions, talker, 3)
    for number in range(40):
        other = await _meet(sessions, Incoming("platform", f"p{number}", f"p{number}", "好"))
        await _queue(sessions, other, 1, f"p{number}_")
    start = now()
    workers = [delivery, Delivery(sessions, {"platform": platform}, hold_after=timedelta(hours=24))]
    for step in range(20):
        for worker in workers * 2:
            await worker.deliver_due(start + step * timedelta(seconds=0.2))
        assert min(5 * (step + 1), 41) <= len(platform.told) <= 5 * (step + 1)
        assert len([to for to, _ in platform.told if to == "o1"]) <= step // 5 + 1
    assert len(platform.told) == 43
    assert [message for to, message in platform.told if to == "o1"] == ["m0", "m1", "m2"]


async def test_urgent_before_normal_before_bulk_and_then_by_time(
    sessions: Sessions, delivery: Delivery, platform: Platform
) -> None:
    resident_id = await _meet(sessions)
    at = now()
    wanted = [
        ("bulk", Priority.BULK, at),
        ("later", Priority.NORMAL, at),
        ("earlier", Priority.NORMAL, at - timedelta(seconds=5)),
        ("urgent", Priority.URGENT, at),
    ]
    async with sessions.begin() as session:
        for message, priority, due_at in wanted:
            await enqueue_message(session, resident_id, message, message, priority=priority, due_at=due_at)
    await delivery.deliver_due(now())
    assert [message for _, message in platform.told] == ["urgent", "earlier", "later", "bulk"]


@pytest.fixture(autouse=True)
async def _states_are_known(sessions: Sessions) -> AsyncIterator[None]:
    yield
    async with sessions() as session:
        states = (await session.scalars(select(OutboxMessage.state))).all()
    assert OutboxState.SENDING not in states


async def test_what_waits_is_withdrawn_as_what_is_queued(sessions: Sessions, delivery: Delivery) -> None:
    resident_id = await _meet(sessions, replace(HELLO, grant=Grant(0, DAYS_2)))
    await _queue(sessions, resident_id, 1)
    await delivery.deliver_due(now())
    async with sessions.begin() as session:
        await withdraw_messages(session, "m0", [resident_id])
    assert (await _states(sessions))["m0"] == ("suppressed", "withdrawn")
