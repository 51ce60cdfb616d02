"""What is queued about a shift and is not true any more does not go out; news of an activity is one statement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import event, select

from community.activities.models import Activity, Part, Shift
from community.activities.repeating import Every, make_rule
from community.activities.usecases.following import follow_kind
from community.outbox.models import OutboxMessage, OutboxState
from community.parties.models import PartyType
from community.signups.usecases.answering import leave_sign_up
from community.signups.usecases.joining import join_shift
from community.signups.usecases.moving import cancel_activity, cancel_shift
from community.substitutes.models import Volunteer
from community.substitutes.usecases import call_for_more, find_due_searches, take_due_search
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, SATURDAY, make_plan, meet, publish

COMMITTEE = PartyType.COMMITTEE
NIGHT = SATURDAY - timedelta(hours=10)
"""Friday 23:00: what is queued now waits for the morning."""


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=True):
        yield


async def queued(sessions: Sessions, resident_id: UUID) -> list[tuple[str, OutboxState]]:
    async with sessions() as session:
        wanted = (
            select(OutboxMessage).where(OutboxMessage.resident_id == resident_id).order_by(OutboxMessage.seq)
        )
        return [(row.message, row.state) for row in await session.scalars(wanted)]


async def test_an_offer_of_the_night_is_not_sent_for_a_shift_called_off(
    sessions: Sessions, cast: Cast
) -> None:
    shift_id = await publish(sessions, cast, make_plan(SATURDAY + timedelta(hours=5), volunteers=1))
    async with sessions.begin() as session:
        first = await join_shift(session, cast.owner.resident_id, shift_id, Part.VOLUNTEER)
        await join_shift(session, cast.neighbour.resident_id, shift_id, Part.VOLUNTEER)
    with time_machine.travel(NIGHT, tick=True):
        async with sessions.begin() as session:
            await leave_sign_up(session, cast.owner.resident_id, first.sign_up.id)
        offered = ("place_offered", OutboxState.PENDING)
        assert await queued(sessions, cast.neighbour.resident_id) == [offered]
        async with sessions.begin() as session:
            await cancel_shift(session, cast.here.staff[COMMITTEE], shift_id, "下大雨")
    assert await queued(sessions, cast.neighbour.resident_id) == [
        ("place_offered", OutboxState.SUPPRESSED),
        ("shift_cancelled", OutboxState.PENDING),
    ]


async def test_whoever_leaves_gets_no_offer_any_more(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast, make_plan(SATURDAY + timedelta(hours=5), volunteers=1))
    async with sessions.begin() as session:
        first = await join_shift(session, cast.owner.resident_id, shift_id, Part.VOLUNTEER)
        waiting = await join_shift(session, cast.neighbour.resident_id, shift_id, Part.VOLUNTEER)
    with time_machine.travel(NIGHT, tick=True):
        async with sessions.begin() as session:
            await leave_sign_up(session, cast.owner.resident_id, first.sign_up.id)
        async with sessions.begin() as session:
            await leave_sign_up(session, cast.neighbour.resident_id, waiting.sign_up.id)
    assert await queued(sessions, cast.neighbour.resident_id) == [("place_offered", OutboxState.SUPPRESSED)]


async def test_asks_for_a_shift_called_off_are_not_sent(sessions: Sessions, cast: Cast) -> None:
    shift_id = await publish(sessions, cast)
    owner = cast.owner.resident_id
    async with sessions.begin() as session:
        here = cast.here.community.id
        session.add(Volunteer(resident_id=owner, community_id=here, since=MONDAY, asked=0))
        await call_for_more(session, cast.here.staff[COMMITTEE], shift_id)
    async with sessions.begin() as session:
        at = MONDAY + timedelta(minutes=1)
        for search_id in await find_due_searches(session, at, 9):
            await take_due_search(session, at, search_id)
    assert await queued(sessions, owner) == [("substitute_ask", OutboxState.PENDING)]
    async with sessions.begin() as session:
        await cancel_shift(session, cast.here.staff[COMMITTEE], shift_id, "")
    assert await queued(sessions, owner) == [("substitute_ask", OutboxState.SUPPRESSED)]


async def test_news_names_a_shift_that_stands_or_is_not_sent(sessions: Sessions, cast: Cast) -> None:
    owner = cast.owner.resident_id
    async with sessions.begin() as session:
        await follow_kind(session, owner, "visits")
    rule = make_rule(Every.WEEK, SATURDAY.date(), SATURDAY.date() + timedelta(days=7))
    shift_id = await publish(sessions, cast, make_plan(rule=rule))
    async with sessions.begin() as session:
        await cancel_shift(session, cast.here.staff[COMMITTEE], shift_id, "")
    async with sessions.begin() as session:
        news = (await session.scalars(select(OutboxMessage))).one()
        standing = (await session.scalars(select(Shift).where(Shift.cancelled_at.is_(None)))).one()
        assert news.state is OutboxState.PENDING
        assert news.values["starts"] == standing.starts_at.isoformat()
        assert str(standing.id) in news.buttons[0]["payload"]
        activity_id = (await session.scalars(select(Activity.id))).one()
        await cancel_activity(session, cast.here.staff[COMMITTEE], activity_id, "")
    assert await queued(sessions, owner) == [("activity_published", OutboxState.SUPPRESSED)]


async def test_news_is_one_statement_for_all_who_follow(sessions: Sessions, cast: Cast) -> None:
    people = await meet(sessions, cast, 12)
    async with sessions.begin() as session:
        for each in people:
            await follow_kind(session, each, "visits")
    said: list[str] = []

    def note(*given: object) -> None:
        said.append(str(given[2]))

    async with sessions() as session:
        engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        await publish(sessions, cast)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert sum("INTO outbox_messages" in each for each in said) == 1
    for each in people:
        assert await queued(sessions, each) == [("activity_published", OutboxState.PENDING)]
