"""What people wish of the messages that nobody waits for, and where these go then."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.contact.queries import get_follows, get_preference
from community.contact.usecases import set_follow, set_preference
from community.errors import Refused
from community.outbox.models import OutboxMessage, OutboxState
from community.outbox.usecases import enqueue_for_all, enqueue_message, find_address
from community.residents.models import Address, AddressState, Resident
from community.residents.reach import find_reach
from linli.database import Sessions
from tests.cast import Cast

EARLY, LATE = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)


async def test_nothing_said_is_as_for_everybody(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        preference = await get_preference(session, cast.owner.resident_id)
        assert (preference.channel, preference.quiet_from, preference.most_a_day) == (None, None, None)
        assert await get_follows(session, cast.owner.resident_id) == {}


async def test_each_wish_is_kept_and_taken_back_alone(sessions: Sessions, cast: Cast) -> None:
    owner = cast.owner.resident_id
    async with sessions.begin() as session:
        await set_preference(session, owner, channel="web", quiet=(22 * 60, 7 * 60))
        await set_preference(session, owner, most_a_day=3, paused_until=LATE)
        kept = await set_preference(session, owner, channel=None, notices_stopped_at=EARLY)
    assert (kept.channel, kept.quiet_from, kept.quiet_until) == (None, 22 * 60, 7 * 60)
    assert (kept.most_a_day, kept.paused_until, kept.notices_stopped_at) == (3, LATE, EARLY)


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ({"channel": "telegram"}, "channel_not_yours"),
        ({"quiet": (0, 1440)}, "quiet_hours_unclear"),
        ({"quiet": (60, 60)}, "quiet_hours_unclear"),
        ({"most_a_day": 0}, "most_a_day_unclear"),
    ],
)
async def test_what_cannot_be_is_refused(
    sessions: Sessions, cast: Cast, wish: dict[str, object], why: str
) -> None:
    async with sessions.begin() as session:
        with pytest.raises(Refused, match=why):
            await set_preference(session, cast.owner.resident_id, **wish)  # type: ignore[arg-type]


async def test_categories_are_followed_and_left(sessions: Sessions, cast: Cast) -> None:
    owner = cast.owner.resident_id
    async with sessions.begin() as session:
        await set_follow(session, owner, "water", follows=True)
        await set_follow(session, owner, "market", follows=True)
        await set_follow(session, owner, "market", follows=False)
        assert await get_follows(session, owner) == {"water": True, "market": False}


async def test_messages_go_where_the_person_chose_while_that_is_reachable(
    sessions: Sessions, cast: Cast
) -> None:
    owner = cast.owner.resident_id
    async with sessions.begin() as session:
        chosen = await _second_address(session, owner)
        last = await find_address(session, owner)
        assert last is not None
        assert last.channel == "web"
        await set_preference(session, owner, channel="telegram")
        found = await find_address(session, owner)
        assert found == chosen
        assert (await find_reach(session, owner, LATE, {})).address == chosen
        await enqueue_message(session, owner, "greeting", "one")
        await _tell_all(session, owner, "all")
        chosen.state = AddressState.STOPPED
        await session.flush()
        await enqueue_message(session, owner, "greeting", "two")
        await _tell_all(session, owner, "all again")
        rows = (await session.scalars(select(OutboxMessage).order_by(OutboxMessage.seq))).all()
    assert [row.channel for row in rows] == ["telegram", "telegram", "web", "web"]
    assert {row.state for row in rows} == {OutboxState.PENDING}


async def _second_address(session: AsyncSession, resident_id: object) -> Address:
    """An address on another channel, used longer ago than the one that is there."""
    await session.execute(update(Address).where(Address.resident_id == resident_id).values(last_seen_at=LATE))
    second = Address(resident_id=resident_id, channel="telegram", outside_id="42", last_seen_at=EARLY)
    session.add(second)
    await session.flush()
    return second


async def _tell_all(session: AsyncSession, resident_id: object, purpose: str) -> None:
    await enqueue_for_all(
        session,
        select(Resident.id).where(Resident.id == resident_id),
        "greeting",
        purpose,
        values={},
        buttons=(),
        due_at=LATE,
        expires_at=LATE,
    )
