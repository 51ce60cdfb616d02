"""A notice becomes one row a person: for whom, when, on which channel, and why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from community.clock import now
from community.contact.usecases import set_follow, set_preference
from community.notices.models import Notice, NoticeState, NoticeUrgency, RecipientState
from community.notices.sending.expanding import expand_notice
from community.notices.sending.starting import start_sending
from community.outbox.models import OutboxState, Priority
from community.residents.models import Address, AddressState
from community.residents.usecases import meet_person
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


async def test_everybody_of_the_community_gets_one_row_and_one_message(
    sessions: Sessions, cast: Cast
) -> None:
    notice_id = await send_out(sessions, cast.here)
    rows = await recipients(sessions, notice_id)
    assert set(rows) == {cast.owner.resident_id, cast.neighbour.resident_id}
    assert {row.state for row in rows.values()} == {RecipientState.QUEUED}
    (message,) = await messages(sessions, cast.owner.resident_id)
    row = rows[cast.owner.resident_id]
    assert (message.id, message.channel, message.due_at) == (row.outbox_id, row.channel, TEN)
    assert message.values["title"] == {"zh": "停水", "en": "Water cut"}
    assert message.buttons[0]["payload"] == f'/ack_notice{{"notice": "{notice_id}"}}'
    assert (message.priority, message.state) == (Priority.NORMAL, OutboxState.PENDING)


async def test_sets_follow_each_other_and_nobody_comes_twice(sessions: Sessions, cast: Cast) -> None:
    crowd = await settle_crowd(sessions, cast, 23)
    notice_id = await approve(sessions, cast.here)
    assert await send(sessions, notice_id, most=5) == 25
    assert await go_on(sessions, notice_id, TEN, most=5) == 0
    rows = await recipients(sessions, notice_id)
    assert len(rows) == 25
    for known in crowd:
        assert len(await messages(sessions, known.resident_id)) == 1


async def test_a_set_that_is_cut_off_leaves_nothing_and_is_done_again(sessions: Sessions, cast: Cast) -> None:
    await settle_crowd(sessions, cast, 8)
    notice_id = await approve(sessions, cast.here)
    async with sessions.begin() as session:
        await start_sending(session, TEN, notice_id)
    async with sessions.begin() as session:
        assert await expand_notice(session, TEN, notice_id, 4) == 4
    async with sessions() as session:  # died before the commit
        assert await expand_notice(session, TEN, notice_id, 4) == 4
    assert len(await recipients(sessions, notice_id)) == 4
    assert await go_on(sessions, notice_id, TEN, most=4) == 6
    assert len(await recipients(sessions, notice_id)) == 10


async def test_two_workers_do_not_take_the_same_set(sessions: Sessions, cast: Cast) -> None:
    await settle_crowd(sessions, cast, 8)
    notice_id = await approve(sessions, cast.here)
    async with sessions.begin() as session:
        await start_sending(session, TEN, notice_id)
    async with sessions.begin() as one, sessions.begin() as other:
        assert await expand_notice(one, TEN, notice_id, 4) == 4
        assert await expand_notice(other, TEN, notice_id, 4) == 0


async def test_who_moves_in_while_it_is_valid_gets_it_once(sessions: Sessions, cast: Cast) -> None:
    notice_id = await send_out(sessions, cast.here)
    async with sessions.begin() as session:
        new = await meet_person(session, "web", "new", community_id=cast.here.community.id)
    for _ in range(3):
        await go_on(sessions, notice_id, TEN + HOUR)
    (message,) = await messages(sessions, new.resident_id)
    assert message.due_at == TEN + HOUR
    async with sessions.begin() as session:
        late = await meet_person(session, "web", "late", community_id=cast.here.community.id)
    assert await go_on(sessions, notice_id, TEN + 2 * DAY) == 0
    assert await messages(sessions, late.resident_id) == []


async def test_nobody_reached_stopped_or_not_interested_is_counted_with_the_reason(
    sessions: Sessions, cast: Cast
) -> None:
    crowd = await settle_crowd(sessions, cast, 4)
    gone, stopped, other, paused = (known.resident_id for known in crowd)
    async with sessions.begin() as session:
        await session.execute(
            update(Address).where(Address.resident_id == gone).values(state=AddressState.STOPPED)
        )
        await set_preference(session, stopped, notices_stopped_at=TEN)
        await set_follow(session, other, "utilities", follows=False)
        await set_preference(session, paused, paused_until=TEN + 9 * DAY)
    rows = await recipients(sessions, await send_out(sessions, cast.here))
    assert {rows[known.resident_id].reason for known in crowd} == {
        "no_address",
        "stopped",
        "unfollowed",
        "paused",
    }
    assert {rows[known.resident_id].state for known in crowd} == {RecipientState.SUPPRESSED}
    for known in crowd:
        assert await messages(sessions, known.resident_id) == []


async def test_an_emergency_reaches_everybody_at_once(sessions: Sessions, cast: Cast) -> None:
    night = TEN + 15 * HOUR
    crowd = await settle_crowd(sessions, cast, 2)
    async with sessions.begin() as session:
        await set_preference(session, crowd[0].resident_id, notices_stopped_at=TEN, most_a_day=1)
        await set_preference(session, crowd[1].resident_id, paused_until=TEN + 9 * DAY)
    for _ in range(5):
        await send_out(sessions, cast.here, night, category="emergency")
    for known in crowd:
        found = await messages(sessions, known.resident_id)
        assert [(each.due_at, each.priority) for each in found] == [(night, Priority.URGENT)] * 5


@pytest.mark.parametrize(
    ("quiet", "at", "due"),
    [
        (None, TEN, TEN),
        (None, TEN + 12 * HOUR, TEN + 22 * HOUR),  # 22:00 -> 8:00
        (None, TEN + 15 * HOUR, TEN + 22 * HOUR),  # 1:00 -> 8:00
        ((9 * 60, 12 * 60), TEN, TEN + 2 * HOUR),
        ((9 * 60, 12 * 60), TEN + 12 * HOUR, TEN + 12 * HOUR),
        ((20 * 60, 11 * 60), TEN, TEN + HOUR),
    ],
)
async def test_quiet_hours_are_the_communitys_or_ones_own(
    sessions: Sessions, cast: Cast, quiet: tuple[int, int] | None, at: object, due: object
) -> None:
    async with sessions.begin() as session:
        await set_preference(session, cast.owner.resident_id, quiet=quiet)
    notice_id = await approve(sessions, cast.here)
    await send(sessions, notice_id, at)  # type: ignore[arg-type]
    (message,) = await messages(sessions, cast.owner.resident_id)
    assert message.due_at == due


async def test_what_is_over_before_the_morning_wakes_nobody(sessions: Sessions, cast: Cast) -> None:
    night = TEN + 13 * HOUR
    notice_id = await send_out(sessions, cast.here, night, valid_until=night + 2 * HOUR)
    row = (await recipients(sessions, notice_id))[cast.owner.resident_id]
    assert (row.state, row.reason) == (RecipientState.SUPPRESSED, "quiet_hours")


async def test_a_pause_that_ends_in_time_puts_it_off(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        await set_preference(session, cast.owner.resident_id, paused_until=TEN + DAY)
    await send_out(sessions, cast.here)
    (message,) = await messages(sessions, cast.owner.resident_id)
    assert message.due_at == TEN + DAY


async def test_urgent_goes_before_normal_before_bulk(sessions: Sessions, cast: Cast) -> None:
    await send_out(sessions, cast.here, category="charity")
    await send_out(sessions, cast.here, category="utilities")
    await send_out(sessions, cast.here, category="charity", urgency=NoticeUrgency.URGENT)
    found = [each.priority for each in await messages(sessions, cast.owner.resident_id)]
    assert found == [Priority.BULK, Priority.NORMAL, Priority.URGENT]
    assert min(found) > Priority.REPLY


async def test_the_channel_is_the_chosen_one_else_the_last(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        for channel, days in (("telegram", 3), ("wechat", 1)):
            session.add(
                Address(
                    resident_id=cast.owner.resident_id,
                    channel=channel,
                    outside_id=channel,
                    last_seen_at=now() + days * DAY,
                )
            )
    first = (await recipients(sessions, await send_out(sessions, cast.here)))[cast.owner.resident_id]
    async with sessions.begin() as session:
        await set_preference(session, cast.owner.resident_id, channel="wechat")
    second = (await recipients(sessions, await send_out(sessions, cast.here)))[cast.owner.resident_id]
    assert (first.channel, second.channel) == ("telegram", "wechat")


async def test_an_audience_of_nobody_has_no_rows(sessions: Sessions, cast: Cast) -> None:
    notice_id = await send_out(sessions, cast.here, audience={"tags": ["living_alone"]})
    assert await recipients(sessions, notice_id) == {}


async def test_what_is_out_of_date_when_its_time_comes_is_not_sent(sessions: Sessions, cast: Cast) -> None:
    notice_id = await approve(sessions, cast.here)
    await send(sessions, notice_id, TEN + 3 * DAY)
    assert await recipients(sessions, notice_id) == {}
    async with sessions() as session:
        assert (await session.get_one(Notice, notice_id)).state is NoticeState.CANCELLED
