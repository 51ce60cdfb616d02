"""What becomes of a notice that goes out: followed, kept in, put together, reminded, repeated."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from channels.choices import chosen
from community.contact.usecases import set_preference
from community.errors import NotAllowed, NotFound, Refused, WrongState
from community.notices.models import ConfirmedBy, Notice, NoticeAct, NoticeState, RecipientState
from community.notices.reading import anybody_in, get_readable
from community.notices.sending.digests import send_digests
from community.notices.sending.door import tell_at_door
from community.notices.sending.following import find_followed, follow_notice
from community.notices.sending.models import NoticeSending
from community.notices.sending.night import keep_until_morning
from community.notices.sending.receipts import confirm_receipt
from community.notices.sending.reminding import expand_reminder, remind_unconfirmed
from community.notices.sending.withdrawing import withdraw_notice
from community.notices.states import step
from community.notices.usecases.approving import cancel_notice
from community.outbox.models import OutboxMessage, OutboxState
from community.parties.models import PartyType
from community.residents.models import Address
from linli.database import Sessions
from tests.cast import Cast
from tests.community.notices.sent import (
    TEN,
    approve,
    go_on,
    messages,
    recipients,
    send,
    send_out,
    settle_crowd,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def follow(sessions: Sessions, notice_id: UUID, at: datetime = TEN, most: int = 5_000) -> None:
    """A whole round."""
    while True:
        async with sessions.begin() as session:
            if not await follow_notice(session, at, notice_id, most):
                return


async def deliver(sessions: Sessions, *states: tuple[OutboxState, str | None]) -> None:
    """Bring what is pending into these states, one after the other, the last one for all that are left."""
    async with sessions.begin() as session:
        wanted = select(OutboxMessage).where(OutboxMessage.state == OutboxState.PENDING)
        rows = (await session.scalars(wanted.order_by(OutboxMessage.seq))).all()
        for number, row in enumerate(rows):
            row.state, row.reason = states[min(number, len(states) - 1)]
            row.sent_at = TEN if row.state is OutboxState.SENT else None


async def became(sessions: Sessions, notice_id: UUID) -> Counter[tuple[str, str | None]]:
    rows = await recipients(sessions, notice_id)
    return Counter((row.state.value, row.reason) for row in rows.values())


async def state_of(sessions: Sessions, notice_id: UUID) -> tuple[NoticeState, bool]:
    """The state of a notice, and whether nothing more is done for it."""
    async with sessions() as session:
        notice = await session.get_one(Notice, notice_id)
        sending = await session.get(NoticeSending, notice_id)
        return notice.state, bool(sending and sending.over_at)


async def test_what_became_of_each_message_stands_with_the_recipient(sessions: Sessions, cast: Cast) -> None:
    await settle_crowd(sessions, cast, 5)
    notice_id = await send_out(sessions, cast.here)
    await deliver(
        sessions,
        (OutboxState.SENT, None),
        (OutboxState.FAILED, "nobody_there"),
        (OutboxState.WAITING, "window_over"),
        (OutboxState.EXPIRED, None),
        (OutboxState.SUPPRESSED, "address_stopped"),
        (OutboxState.SENDING, None),
        (OutboxState.SENT, None),
    )
    await follow(sessions, notice_id, most=2)
    assert await became(sessions, notice_id) == {
        ("sent", None): 2,
        ("failed", "nobody_there"): 1,
        ("waiting", "window_over"): 1,
        ("failed", "expired"): 1,
        ("failed", "address_stopped"): 1,
        ("queued", None): 1,
    }
    assert await state_of(sessions, notice_id) == (NoticeState.SENDING, False)


async def test_what_failed_and_is_sent_again_by_staff_is_sent(sessions: Sessions, cast: Cast) -> None:
    notice_id = await send_out(sessions, cast.here)
    await deliver(sessions, (OutboxState.FAILED, "refused"))
    await follow(sessions, notice_id)
    async with sessions.begin() as session:
        await session.execute(update(OutboxMessage).values(state=OutboxState.SENT, reason=None, sent_at=TEN))
    await follow(sessions, notice_id)
    assert await became(sessions, notice_id) == {("sent", None): 2}


async def test_it_is_sent_when_nothing_is_under_way_and_over_when_it_is_not_valid(
    sessions: Sessions, cast: Cast
) -> None:
    notice_id = await send_out(sessions, cast.here)
    await deliver(sessions, (OutboxState.SENT, None))
    await follow(sessions, notice_id)
    assert await state_of(sessions, notice_id) == (NoticeState.SENT, False)
    await follow(sessions, notice_id, TEN + 2 * DAY)
    assert await state_of(sessions, notice_id) == (NoticeState.SENT, True)


async def test_notices_are_followed_in_turns_however_many_are_under_way(
    sessions: Sessions, cast: Cast
) -> None:
    notices = {await send_out(sessions, cast.here, TEN + n * HOUR) for n in range(3)}
    turns: list[UUID] = []
    for minute in range(3):
        at = TEN + DAY + timedelta(minutes=minute)
        async with sessions() as session:
            turns += await find_followed(session, at, most=1)
        await follow(sessions, turns[-1], at)
    assert set(turns) == notices


async def test_a_notice_of_which_nothing_is_open_is_looked_at_again_when_it_is_over(
    sessions: Sessions, cast: Cast
) -> None:
    notice_id = await send_out(sessions, cast.here)
    await deliver(sessions, (OutboxState.SENT, None))
    await follow(sessions, notice_id)
    async with sessions() as session:
        assert not await find_followed(session, TEN + DAY, most=9)
        assert await find_followed(session, TEN + 2 * DAY, most=9) == [notice_id]


async def test_what_is_still_held_when_a_notice_is_over_does_not_keep_it_open(
    sessions: Sessions, cast: Cast
) -> None:
    notice_id = await send_out(sessions, cast.here)
    await deliver(sessions, (OutboxState.HELD, "too_old"))
    await follow(sessions, notice_id)
    assert await became(sessions, notice_id) == {("waiting", "too_old"): 2}
    await follow(sessions, notice_id, TEN + 2 * DAY)
    assert await became(sessions, notice_id) == {("failed", "expired"): 2}
    assert await state_of(sessions, notice_id) == (NoticeState.SENT, True)


async def test_another_channel_is_taken_where_the_chosen_one_is_spent(sessions: Sessions, cast: Cast) -> None:
    crowd = await settle_crowd(sessions, cast, 3)
    over, lately, long_ago = (known.resident_id for known in crowd)
    async with sessions.begin() as session:
        await session.execute(
            update(Address).where(Address.resident_id == over).values(window_until=TEN - HOUR)
        )
        for who, days in ((lately, 9), (long_ago, 90)):
            await session.execute(update(Address).where(Address.resident_id == who).values(may_send=0))
            seen = TEN - days * DAY
            session.add(Address(resident_id=who, channel="telegram", outside_id=str(days), last_seen_at=seen))
            await session.flush()
            await set_preference(session, who, channel="web")
    rows = await recipients(sessions, await send_out(sessions, cast.here))
    assert {row.state for row in rows.values()} == {RecipientState.QUEUED}  # delivery finds who has to wait
    assert (rows[over].channel, rows[lately].channel, rows[long_ago].channel) == ("web", "telegram", "web")


async def test_what_is_called_off_stays_in(sessions: Sessions, cast: Cast) -> None:
    crowd = await settle_crowd(sessions, cast, 4)
    notice_id = await send_out(sessions, cast.here)
    async with sessions.begin() as session:
        row = update(OutboxMessage).where(OutboxMessage.resident_id == crowd[0].resident_id)
        await session.execute(row.values(state=OutboxState.WAITING, reason="window_over"))
        await session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.resident_id.in_([cast.owner.resident_id, cast.neighbour.resident_id]))
            .values(state=OutboxState.SENT, sent_at=TEN)
        )
    async with sessions.begin() as session:
        await cancel_notice(session, cast.here.staff[PartyType.COMMITTEE], notice_id)
    await follow(sessions, notice_id)
    assert await became(sessions, notice_id) == {("suppressed", "cancelled"): 4, ("sent", None): 2}
    for known in crowd:
        (message,) = await messages(sessions, known.resident_id)
        assert (message.state, message.reason) == (OutboxState.SUPPRESSED, "withdrawn")
    assert await state_of(sessions, notice_id) == (NoticeState.CANCELLED, True)
    assert await send(sessions, notice_id) == 0


async def test_reminders_of_what_is_called_off_stay_in_set_by_set(sessions: Sessions, cast: Cast) -> None:
    crowd = await settle_crowd(sessions, cast, 3)
    notice_id = await send_out(sessions, cast.here)
    await deliver(sessions, (OutboxState.SENT, None))
    await follow(sessions, notice_id)
    committee = cast.here.staff[PartyType.COMMITTEE]
    with time_machine.travel(TEN + HOUR, tick=False):
        async with sessions.begin() as session:
            await remind_unconfirmed(session, committee, notice_id)
    async with sessions.begin() as session:
        await expand_reminder(session, TEN + HOUR, notice_id)
        (await session.get_one(Notice, notice_id)).state = NoticeState.CANCELLED
    kept: list[int] = []
    while not kept or kept[-1]:
        async with sessions.begin() as session:
            kept.append(await withdraw_notice(session, TEN + HOUR, notice_id, most=2))
        await follow(sessions, notice_id)
        assert await state_of(sessions, notice_id) == (NoticeState.CANCELLED, sum(kept) == len(crowd) + 2)
    assert kept == [2, 2, 1, 0]
    states = {(await messages(sessions, known.resident_id))[1].state for known in crowd}
    assert states == {OutboxState.SUPPRESSED}


async def many(sessions: Sessions, cast: Cast, count: int, at: datetime = TEN) -> Sequence[UUID]:
    """So many notices one after the other, of the kind that can wait."""
    return [
        await send_out(sessions, cast.here, at, category="charity", title_zh=f"第{number}条")
        for number in range(1, count + 1)
    ]


async def test_more_than_three_on_a_day_come_together_in_the_evening(sessions: Sessions, cast: Cast) -> None:
    sent = await many(sessions, cast, 6)
    found = await messages(sessions, cast.owner.resident_id)
    assert [each.values["title"]["zh"] for each in found] == ["第1条", "第2条", "第3条"]
    assert await became(sessions, sent[5]) == {("waiting", "digest"): 2}
    async with sessions.begin() as session:
        assert await send_digests(session, TEN + 7 * HOUR) == 0
    async with sessions.begin() as session:
        assert await send_digests(session, TEN + 8 * HOUR) == 2
    async with sessions.begin() as session:
        assert await send_digests(session, TEN + 8 * HOUR) == 0
    *_, digest = await messages(sessions, cast.owner.resident_id)
    assert (digest.message, [title["zh"] for title in digest.values["titles"]]) == (
        "notice_digest",
        ["第4条", "第5条", "第6条"],
    )
    assert chosen("2", digest.buttons) == f'/read_notices{{"notice": "{sent[4]}"}}'
    rows = [(await recipients(sessions, each))[cast.owner.resident_id] for each in sent[3:]]
    assert {(row.outbox_id, row.state) for row in rows} == {(digest.id, RecipientState.QUEUED)}
    await deliver(sessions, (OutboxState.SENT, None))
    for each in sent:
        await follow(sessions, each, TEN + 8 * HOUR)
        assert await became(sessions, each) == {("sent", None): 2}


async def test_an_urgent_one_does_not_wait_for_the_evening(sessions: Sessions, cast: Cast) -> None:
    await many(sessions, cast, 4)
    await send_out(sessions, cast.here, urgency="urgent")
    assert len(await messages(sessions, cast.owner.resident_id)) == 4


async def test_what_is_over_before_the_evening_comes_at_once(sessions: Sessions, cast: Cast) -> None:
    await many(sessions, cast, 3)
    await send_out(sessions, cast.here, category="charity", valid_until=TEN + 3 * HOUR)
    assert len(await messages(sessions, cast.owner.resident_id)) == 4


async def test_nobody_gets_more_a_day_than_they_said(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        await set_preference(session, cast.owner.resident_id, most_a_day=1)
    await many(sessions, cast, 2)
    too_late = await send_out(sessions, cast.here, valid_until=TEN + 3 * HOUR)
    assert (await recipients(sessions, too_late))[cast.owner.resident_id].reason == "daily_limit"
    assert len(await messages(sessions, cast.owner.resident_id)) == 1
    async with sessions.begin() as session:
        assert await send_digests(session, TEN + 23 * HOUR) == 1
    *_, second = await messages(sessions, cast.owner.resident_id)
    assert (second.message, second.values["title"]["zh"], second.due_at) == (
        "notice",
        "第2条",
        TEN + 23 * HOUR,
    )


async def test_a_digest_leaves_out_what_was_called_off(sessions: Sessions, cast: Cast) -> None:
    sent = await many(sessions, cast, 5)
    async with sessions.begin() as session:
        await cancel_notice(session, cast.here.staff[PartyType.COMMITTEE], sent[3])
    async with sessions.begin() as session:
        await send_digests(session, TEN + 8 * HOUR)
    *_, alone = await messages(sessions, cast.owner.resident_id)
    assert (alone.message, alone.values["title"]["zh"]) == ("notice", "第5条")
    assert await became(sessions, sent[3]) == {("suppressed", "cancelled"): 2}


async def test_a_digest_that_waits_for_contact_is_made_anew_without_what_was_called_off(
    sessions: Sessions, cast: Cast
) -> None:
    sent = await many(sessions, cast, 6)
    for at in (TEN + 8 * HOUR, TEN + 9 * HOUR):
        async with sessions.begin() as session:
            assert await send_digests(session, at) == 2
        await deliver(sessions, (OutboxState.WAITING, "window_over"))
        if at == TEN + 8 * HOUR:
            with time_machine.travel(at, tick=False):
                async with sessions.begin() as session:
                    await cancel_notice(session, cast.here.staff[PartyType.COMMITTEE], sent[4])
            assert await became(sessions, sent[5]) == {("waiting", "digest"): 2}
    *_, first, second = await messages(sessions, cast.owner.resident_id)
    assert (first.state, first.reason) == (OutboxState.SUPPRESSED, "withdrawn")
    assert [title["zh"] for title in second.values["titles"]] == ["第4条", "第6条"]
    assert await became(sessions, sent[4]) == {("suppressed", "cancelled"): 2}
    for each in (sent[3], sent[5]):
        await follow(sessions, each, TEN + 9 * HOUR)
        assert await became(sessions, each) == {("waiting", "window_over"): 2}


async def test_what_is_called_off_while_its_items_are_forgotten_is_not_too_late(
    sessions: Sessions, cast: Cast
) -> None:
    """Many are forgotten set by set, and the evening's round comes between two sets."""
    sent = await many(sessions, cast, 4)
    async with sessions.begin() as session:
        (await session.get_one(Notice, sent[3])).state = NoticeState.CANCELLED
    async with sessions.begin() as session:
        await send_digests(session, TEN + 8 * HOUR)
    assert await became(sessions, sent[3]) == {("suppressed", "cancelled"): 2}


async def test_one_that_came_alone_out_of_a_digest_stays_in_when_it_is_called_off(
    sessions: Sessions, cast: Cast
) -> None:
    *_, last = await many(sessions, cast, 4)
    async with sessions.begin() as session:
        assert await send_digests(session, TEN + 8 * HOUR) == 2
    async with sessions.begin() as session:
        await cancel_notice(session, cast.here.staff[PartyType.COMMITTEE], last)
    *_, alone = await messages(sessions, cast.owner.resident_id)
    assert (alone.values["title"]["zh"], alone.state) == ("第4条", OutboxState.SUPPRESSED)
    assert await became(sessions, last) == {("suppressed", "cancelled"): 2}


async def test_who_has_not_confirmed_is_reminded_once_a_day(sessions: Sessions, cast: Cast) -> None:
    notice_id = await send_out(sessions, cast.here)
    await deliver(sessions, (OutboxState.SENT, None))
    await follow(sessions, notice_id)
    committee = cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        assert await confirm_receipt(session, cast.owner.resident_id, notice_id)
        assert not await confirm_receipt(session, cast.owner.resident_id, notice_id)
        assert not await confirm_receipt(session, cast.stranger.resident_id, notice_id)
    assert (await recipients(sessions, notice_id))[
        cast.owner.resident_id
    ].confirmed_by is ConfirmedBy.RESIDENT
    with time_machine.travel(TEN + HOUR, tick=False):
        async with sessions.begin() as session:
            assert await remind_unconfirmed(session, committee, notice_id) == 1
        for _ in range(2):
            async with sessions.begin() as session:
                await expand_reminder(session, TEN + HOUR, notice_id)
        async with sessions.begin() as session:
            with pytest.raises(Refused, match="notice_reminded_today"):
                await remind_unconfirmed(session, committee, notice_id)
    assert len(await messages(sessions, cast.owner.resident_id)) == 1
    _, reminder = await messages(sessions, cast.neighbour.resident_id)
    assert (reminder.message, reminder.due_at) == ("notice_reminder", TEN + HOUR)
    with time_machine.travel(TEN + DAY, tick=False):
        async with sessions.begin() as session:
            assert await remind_unconfirmed(session, committee, notice_id) == 1
            await confirm_receipt(session, cast.neighbour.resident_id, notice_id)
    with time_machine.travel(TEN + DAY + 15 * HOUR, tick=False):
        async with sessions.begin() as session:
            with pytest.raises(Refused, match="notice_all_confirmed"):
                await remind_unconfirmed(session, committee, notice_id)


async def test_nobody_is_reminded_of_what_nobody_has_got(sessions: Sessions, cast: Cast) -> None:
    notice_id = await send_out(sessions, cast.here)
    with time_machine.travel(TEN + HOUR, tick=False):
        async with sessions.begin() as session:
            with pytest.raises(Refused, match="notice_nobody_has_it"):
                await remind_unconfirmed(session, cast.here.staff[PartyType.COMMITTEE], notice_id)


@pytest.mark.parametrize("how", ["said", "at_the_door"])
async def test_who_confirms_before_the_reminder_is_out_does_not_get_it(
    sessions: Sessions, cast: Cast, how: str
) -> None:
    notice_id, committee = await send_out(sessions, cast.here), cast.here.staff[PartyType.COMMITTEE]
    await deliver(sessions, (OutboxState.SENT, None))
    await follow(sessions, notice_id)
    with time_machine.travel(TEN + HOUR, tick=False):
        async with sessions.begin() as session:
            await remind_unconfirmed(session, committee, notice_id)
        async with sessions.begin() as session:
            await expand_reminder(session, TEN + HOUR, notice_id)
        async with sessions.begin() as session:
            if how == "said":
                await confirm_receipt(session, cast.owner.resident_id, notice_id)
            else:
                await tell_at_door(session, committee, notice_id, cast.owner.resident_id)
    _, kept_in = await messages(sessions, cast.owner.resident_id)
    _, goes_out = await messages(sessions, cast.neighbour.resident_id)
    assert (kept_in.state, goes_out.state) == (OutboxState.SUPPRESSED, OutboxState.PENDING)


async def test_only_the_office_reminds_and_only_of_what_is_to_be_confirmed(
    sessions: Sessions, cast: Cast
) -> None:
    notice_id = await send_out(sessions, cast.here)
    plain = await send_out(sessions, cast.here, need_receipt=False)
    with time_machine.travel(TEN, tick=False):
        async with sessions.begin() as session:
            with pytest.raises(NotFound):
                await remind_unconfirmed(session, cast.there.staff[PartyType.COMMITTEE], notice_id)
            with pytest.raises(NotAllowed):
                await remind_unconfirmed(session, cast.street, notice_id)
            with pytest.raises(WrongState):
                await remind_unconfirmed(session, cast.here.staff[PartyType.COMMITTEE], plain)


async def test_a_series_goes_out_again_and_again_until_it_ends(sessions: Sessions, cast: Cast) -> None:
    first = await approve(sessions, cast.here, send_at=TEN, repeat="FREQ=WEEKLY;COUNT=3")
    sent: list[UUID] = []
    for week in range(5):
        at = TEN + timedelta(weeks=week)
        async with sessions() as session:
            due = select(Notice.id).where(Notice.state == NoticeState.APPROVED, Notice.send_at <= at)
            for notice_id in (await session.scalars(due)).all():
                await send(sessions, notice_id, at)
                sent.append(notice_id)
    assert sent[0] == first
    assert len(sent) == 3
    async with sessions() as session:
        last = await session.get_one(Notice, sent[2])
        assert (last.series_id, last.valid_from, last.valid_until - last.valid_from) == (
            first,
            TEN + timedelta(weeks=2),
            2 * DAY,
        )
        assert len((await session.scalars(select(Notice.id))).all()) == 3
    assert len(await messages(sessions, cast.owner.resident_id)) == 3


async def test_the_next_of_a_series_is_shown_from_its_time_on_and_found(
    sessions: Sessions, cast: Cast
) -> None:
    late = TEN + 4 * HOUR
    first = await approve(sessions, cast.here, late, send_at=TEN, repeat="FREQ=WEEKLY;COUNT=2")
    await send(sessions, first, late)
    async with sessions() as session:
        wanted = select(Notice).where(Notice.state == NoticeState.APPROVED)
        following = (await session.scalars(wanted)).one()
        assert following.valid_from == following.send_at == TEN + timedelta(weeks=1)
        assert following.valid_until == (await session.get_one(Notice, first)).valid_until + timedelta(
            weeks=1
        )
        assert following.terms == (await session.get_one(Notice, first)).terms
        assert following.terms


async def test_what_is_out_can_be_called_off_and_is_shown_no_more(sessions: Sessions, cast: Cast) -> None:
    notice_id = await send_out(sessions, cast.here, approved_at=TEN)
    await deliver(sessions, (OutboxState.SENT, None))
    await follow(sessions, notice_id)
    assert await state_of(sessions, notice_id) == (NoticeState.SENT, False)
    async with sessions.begin() as session:
        await cancel_notice(session, cast.here.staff[PartyType.COMMITTEE], notice_id)
    await settle_crowd(sessions, cast, 1)
    assert await go_on(sessions, notice_id, TEN + DAY) == 0
    await follow(sessions, notice_id)
    assert await state_of(sessions, notice_id) == (NoticeState.CANCELLED, True)
    assert await became(sessions, notice_id) == {("sent", None): 2}
    async with sessions() as session:
        with pytest.raises(NotFound, match="notice_withdrawn"):
            await get_readable(session, anybody_in(cast.here.community), notice_id, TEN + HOUR)


async def test_what_is_called_off_while_its_last_round_is_counted_stays_called_off(
    sessions: Sessions, cast: Cast
) -> None:
    notice_id = await send_out(sessions, cast.here, approved_at=TEN)
    await deliver(sessions, (OutboxState.SENT, None))
    async with sessions() as session:
        notice = await session.get_one(Notice, notice_id, with_for_update=True)
        step(session, notice, NoticeAct.CANCELLED, cast.here.staff[PartyType.COMMITTEE])
        await session.flush()
        counting = asyncio.create_task(follow(sessions, notice_id))
        await until_somebody_waits(session)
        await session.commit()
    await counting
    assert await state_of(sessions, notice_id) == (NoticeState.CANCELLED, True)


async def until_somebody_waits(session: AsyncSession) -> None:
    """Until another transaction waits for what this one holds."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
    async with asyncio.timeout(60):
        while not await session.scalar(waiting):  # noqa: ASYNC110  (another process knows it)
            await asyncio.sleep(0.01)


async def test_who_calls_the_next_one_off_ends_the_series(sessions: Sessions, cast: Cast) -> None:
    await send(sessions, await approve(sessions, cast.here, send_at=TEN, repeat="FREQ=DAILY"))
    async with sessions.begin() as session:
        wanted = select(Notice.id).where(Notice.state == NoticeState.APPROVED)
        following = (await session.scalars(wanted)).one()
        await cancel_notice(session, cast.here.staff[PartyType.COMMITTEE], following)
    async with sessions() as session:
        assert (await session.scalars(wanted)).all() == []


async def test_what_is_not_out_when_people_sleep_waits_for_the_morning(
    sessions: Sessions, cast: Cast
) -> None:
    (awake,) = await settle_crowd(sessions, cast, 1)
    async with sessions.begin() as session:
        await set_preference(session, awake.resident_id, quiet=(2 * 60, 3 * 60))
    await send_out(sessions, cast.here)
    await send_out(sessions, cast.here, category="emergency")
    midnight = TEN + 14 * HOUR
    async with sessions.begin() as session:
        assert await keep_until_morning(session, TEN + 11 * HOUR) == 0
        assert await keep_until_morning(session, midnight) == 2
        assert await keep_until_morning(session, midnight) == 0
    found = await messages(sessions, cast.owner.resident_id)
    assert [each.due_at for each in found] == [TEN + 22 * HOUR, TEN]
    assert [each.due_at for each in await messages(sessions, awake.resident_id)] == [TEN, TEN]


async def test_quiet_hours_of_ones_own_by_day_put_off_as_well(sessions: Sessions, cast: Cast) -> None:
    (sleeper,) = await settle_crowd(sessions, cast, 1)
    await send_out(sessions, cast.here, TEN)
    async with sessions.begin() as session:
        await set_preference(session, sleeper.resident_id, quiet=(11 * 60 + 30, 15 * 60))
        assert await keep_until_morning(session, TEN + 2 * HOUR) == 1
    assert [each.due_at for each in await messages(sessions, sleeper.resident_id)] == [TEN + 5 * HOUR]
    assert [each.due_at for each in await messages(sessions, cast.owner.resident_id)] == [TEN]


async def test_while_nobody_sleeps_the_queue_is_not_read(sessions: Sessions, cast: Cast) -> None:
    await settle_crowd(sessions, cast, 20)
    await send_out(sessions, cast.here)
    async with sessions.begin() as session:
        # twenty rows are read sooner than their index
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        before = await messages_read(session)
        assert await keep_until_morning(session, TEN + HOUR) == 0
        assert (
            await messages_read(session) <= before + 5
        )  # in which order tables are met is the database's choice


async def messages_read(session: AsyncSession) -> int:
    """How many rows of the outbox this connection has read."""
    read = (
        "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'outbox_messages'"
    )
    rows: int = (await session.scalars(text(read))).one()
    return rows
