"""Messages out: each once, in order, tried again as the error says, and visible where it cannot be delivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from channels.contract import Abilities, Outcome, Outgoing
from channels.errors import SendError
from channels.web.models import ThreadItem
from community.clock import now
from community.errors import NotFound
from community.outbox.models import OutboxMessage, OutboxState, Priority
from community.outbox.queries import find_undelivered
from community.outbox.usecases import enqueue_message, send_again
from community.parties.models import PartyType
from community.residents.models import Address, AddressState
from linli.database import Sessions
from tests.cast import Cast
from tests.delivering import Delivery


class Platform:
    """A channel that answers as it is told, in the place of a platform."""

    name = "web"
    abilities = Abilities(buttons=4, longest_text=5000, idempotent=False)

    def __init__(self, error: SendError | None = None) -> None:
        self.error = error
        self.sent: list[str] = []

    async def send(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Take all or refuse all."""
        if self.error is None:
            self.sent += [row.message for row in batch]
        return [Outcome(row.id, self.error) for row in batch]


def _delivery(sessions: Sessions, platform: Platform) -> Delivery:
    return Delivery(sessions, {"web": platform}, hold_after=timedelta(hours=24))


async def _queue(sessions: Sessions, cast: Cast, message: str, priority: Priority = Priority.NORMAL) -> bool:
    async with sessions.begin() as session:
        return await enqueue_message(
            session, cast.owner.resident_id, message, f"test:{message}", priority=priority
        )


async def _only(sessions: Sessions) -> OutboxMessage:
    async with sessions() as session:
        return (await session.scalars(select(OutboxMessage))).one()


async def test_a_purpose_is_queued_once(sessions: Sessions, cast: Cast) -> None:
    assert await _queue(sessions, cast, "greet")
    assert not await _queue(sessions, cast, "greet")


async def test_a_reply_goes_before_a_broadcast(sessions: Sessions, cast: Cast) -> None:
    for message, priority in (
        ("bulk", Priority.BULK),
        ("normal", Priority.NORMAL),
        ("reply", Priority.REPLY),
    ):
        await _queue(sessions, cast, message, priority)
    platform = Platform()
    assert await _delivery(sessions, platform).deliver_due(now()) == 3
    assert platform.sent == ["reply", "normal", "bulk"]


async def test_three_tries_then_staff_see_it(sessions: Sessions, cast: Cast) -> None:
    error = SendError.LOST_ANSWER
    await _queue(sessions, cast, "greet")
    platform = Platform(error)
    delivery = _delivery(sessions, platform)
    for hours in range(3):
        assert await delivery.deliver_due(now() + timedelta(hours=hours)) == 1
        assert await delivery.deliver_due(now() + timedelta(hours=hours)) == 0
    row = await _only(sessions)
    assert (row.state, row.reason, row.attempts) == (OutboxState.FAILED, error.value, 3)
    clerk = cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        assert [seen.id for seen in await find_undelivered(session, clerk)] == [row.id]
        with pytest.raises(NotFound):
            await send_again(session, cast.there.staff[PartyType.COMMITTEE], row.id)
        await send_again(session, clerk, row.id)
    platform.error = None
    await delivery.deliver_due(now())
    assert (await _only(sessions)).state is OutboxState.SENT


class OneTroubled(Platform):
    """A platform that takes the first row and not the second; the others are not tried then."""

    async def send(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        """As they come."""
        first, second, *later = batch
        behind = [Outcome(row.id, self.error, tried=False) for row in later]
        return [Outcome(first.id), Outcome(second.id, self.error), *behind]


@pytest.mark.parametrize("error", [SendError.MISCONFIGURED, SendError.LOST_ANSWER])
async def test_what_was_not_tried_uses_up_no_try(sessions: Sessions, cast: Cast, error: SendError) -> None:
    await _queue(sessions, cast, "troubled", Priority.NORMAL)
    await _queue(sessions, cast, "behind", Priority.BULK)
    delivery = _delivery(sessions, OneTroubled(error))
    for hours in range(3):
        await _queue(sessions, cast, f"good{hours}", Priority.URGENT)
        assert await delivery.deliver_due(now() + timedelta(hours=hours)) == 3
    async with sessions() as session:
        rows = {row.message: row for row in await session.scalars(select(OutboxMessage))}
    assert (rows["troubled"].state, rows["troubled"].attempts) == (OutboxState.FAILED, 3)
    behind = rows["behind"]
    assert (behind.state, behind.attempts, behind.uncertain) == (OutboxState.PENDING, 0, False)


@pytest.mark.parametrize("error", [SendError.TOO_LONG, SendError.REFUSED])
async def test_what_cannot_succeed_is_given_up_at_once(
    sessions: Sessions, cast: Cast, error: SendError
) -> None:
    await _queue(sessions, cast, "greet")
    await _delivery(sessions, Platform(error)).deliver_due(now())
    assert (await _only(sessions)).state is OutboxState.FAILED


async def test_nobody_there_stops_the_address(sessions: Sessions, cast: Cast) -> None:
    await _queue(sessions, cast, "greet")
    await _delivery(sessions, Platform(SendError.NOBODY_THERE)).deliver_due(now())
    async with sessions() as session:
        address = await session.get_one(Address, cast.owner.address_id)
    assert address.state is AddressState.STOPPED
    async with sessions.begin() as session:
        await enqueue_message(session, cast.owner.resident_id, "greet", "test:later")
        later = (
            await session.scalars(select(OutboxMessage).where(OutboxMessage.purpose == "test:later"))
        ).one()
    assert (later.state, later.reason) == (OutboxState.SUPPRESSED, "no_address")


async def test_what_a_dead_sender_left_goes_out_again_and_is_marked_uncertain(
    sessions: Sessions, cast: Cast
) -> None:
    await _queue(sessions, cast, "greet")
    async with sessions.begin() as session:
        await session.execute(
            update(OutboxMessage).values(state=OutboxState.SENDING, lease_until=now() - timedelta(seconds=1))
        )
    delivery = _delivery(sessions, Platform())
    await delivery.tidy(now())
    await delivery.deliver_due(now())
    row = await _only(sessions)
    assert (row.state, row.uncertain) == (OutboxState.SENT, True)


async def test_what_a_dead_sender_holds_is_not_overtaken_on_the_web(
    sessions: Sessions, cast: Cast, delivery: Delivery
) -> None:
    """A resident read that a need was solved before that it was taken: a worker had died between the two."""
    await _queue(sessions, cast, "greet")
    async with sessions.begin() as session:
        await session.execute(
            update(OutboxMessage).values(state=OutboxState.SENDING, lease_until=now() + timedelta(seconds=9))
        )
    await _queue(sessions, cast, "thank")
    await delivery.tidy(now())
    assert await delivery.deliver_due(now()) == 0
    later = now() + timedelta(seconds=10)
    await delivery.tidy(later)
    await delivery.deliver_due(later)
    shown = select(OutboxMessage.message).join(ThreadItem, ThreadItem.outbox_id == OutboxMessage.id)
    async with sessions() as session:
        assert (await session.scalars(shown.order_by(ThreadItem.seq))).all() == ["greet", "thank"]


async def test_the_web_shows_a_row_once_even_if_it_is_sent_twice(
    sessions: Sessions, cast: Cast, delivery: Delivery
) -> None:
    await _queue(sessions, cast, "greet")
    for _ in range(2):
        await delivery.deliver_due(now())
        async with sessions.begin() as session:
            await session.execute(
                update(OutboxMessage).values(
                    state=OutboxState.SENDING, lease_until=now() - timedelta(seconds=1)
                )
            )
        await delivery.tidy(now())
    async with sessions() as session:
        assert len((await session.scalars(select(ThreadItem))).all()) == 1
    assert not (await _only(sessions)).uncertain


async def test_old_rows_of_a_restored_backup_wait_for_a_person(sessions: Sessions, cast: Cast) -> None:
    await _queue(sessions, cast, "greet")
    async with sessions.begin() as session:
        await session.execute(update(OutboxMessage).values(due_at=now() - timedelta(hours=25)))
    delivery = _delivery(sessions, Platform())
    await delivery.tidy(now())
    assert await delivery.deliver_due(now()) == 0
    assert (await _only(sessions)).state is OutboxState.HELD


async def test_an_expired_row_is_not_sent(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        await enqueue_message(
            session, cast.owner.resident_id, "greet", "test", expires_at=now() - timedelta(minutes=1)
        )
    delivery = _delivery(sessions, Platform())
    await delivery.tidy(now())
    assert (await _only(sessions)).state is OutboxState.EXPIRED


async def test_two_workers_share_without_doubling(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        for number in range(100):
            await enqueue_message(session, cast.owner.resident_id, f"m{number}", f"test:{number}")
    platform = Platform()
    workers = [_delivery(sessions, platform), _delivery(sessions, platform)]
    while await workers[0].deliver_due(now(), 10) + await workers[1].deliver_due(now(), 10):
        pass
    assert sorted(platform.sent) == sorted(f"m{number}" for number in range(100))


class Breaking(Platform):
    """A channel that breaks its word: it raises, or tells of some rows only."""

    def __init__(self, *, silent: bool) -> None:
        super().__init__()
        self.silent = silent

    async def send(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Nothing that delivery could use."""
        if self.silent:
            return []
        raise KeyError("a fault of its own")


@pytest.mark.parametrize("silent", [False, True])
async def test_rows_of_a_channel_that_breaks_come_to_an_end(
    sessions: Sessions, cast: Cast, silent: bool
) -> None:
    await _queue(sessions, cast, "greet")
    delivery = _delivery(sessions, Breaking(silent=silent))
    for hours in range(3):
        assert await delivery.deliver_due(now() + timedelta(hours=hours)) == 1
    row = await _only(sessions)
    assert (row.state, row.reason) == (OutboxState.FAILED, "lost_answer")


async def test_a_channel_that_breaks_holds_up_no_other(sessions: Sessions, cast: Cast) -> None:
    await _queue(sessions, cast, "greet")
    async with sessions.begin() as session:
        await session.execute(update(Address).values(channel="mail"))
        await enqueue_message(session, cast.neighbour.resident_id, "greet", "test:mail")
    well = Platform()
    delivery = Delivery(
        sessions, {"web": well, "mail": Breaking(silent=False)}, hold_after=timedelta(hours=24)
    )
    await delivery.deliver_due(now())
    async with sessions() as session:
        states = dict((await session.execute(select(OutboxMessage.channel, OutboxMessage.state))).all())
    assert states == {"web": OutboxState.SENT, "mail": OutboxState.PENDING}


async def _fail(sessions: Sessions, cast: Cast) -> OutboxMessage:
    await _queue(sessions, cast, "greet")
    await _delivery(sessions, Platform(SendError.REFUSED)).deliver_due(now())
    return await _only(sessions)


async def test_sent_again_goes_where_the_person_is_now(sessions: Sessions, cast: Cast) -> None:
    row, clerk = await _fail(sessions, cast), cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        await session.execute(update(Address).values(state=AddressState.STOPPED))
        newer = Address(
            resident_id=cast.owner.resident_id, channel="web", outside_id="a new phone", last_seen_at=now()
        )
        session.add(newer)
        await session.flush()
        await send_again(session, clerk, row.id)
    again = await _only(sessions)
    assert (again.state, again.address_id) == (OutboxState.PENDING, newer.id)
    await _delivery(sessions, Platform()).deliver_due(now())
    assert (await _only(sessions)).state is OutboxState.SENT


async def test_who_is_reached_nowhere_any_more_is_to_be_told_in_another_way(
    sessions: Sessions, cast: Cast
) -> None:
    row, clerk = await _fail(sessions, cast), cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        await session.execute(update(Address).values(state=AddressState.STOPPED))
        await send_again(session, clerk, row.id)
    again = await _only(sessions)
    assert (again.state, again.reason) == (OutboxState.SUPPRESSED, "no_address")
