"""Arriving where shifts follow each other, as the action sees it: each code is that of its own shift."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select

from community.activities.models import Part, Shift
from community.clock import now
from community.signups.models import SignUp
from community.signups.usecases.arriving import code_of
from community.signups.usecases.ending import minutes_there
from community.signups.usecases.joining import join_shift
from linli.database import Sessions
from tests.cast import Cast
from tests.community.activities.plans import MONDAY, SATURDAY, make_plan, publish, states
from tests.dialogue.test_joining_steps import Person

ARRIVES = "action_check_in"
MINUTE = timedelta(minutes=1)
BETWEEN = SATURDAY + 105 * MINUTE
"""A quarter of an hour before the first shift ends and the second begins."""


@pytest.fixture
async def two(sessions: Sessions, cast: Cast) -> list[UUID]:
    """Two shifts of two hours, the second right after the first, and the owner in both."""
    with time_machine.travel(MONDAY):
        first = await publish(sessions, cast)
        second = await publish(sessions, cast, make_plan(SATURDAY + 120 * MINUTE, title_zh="巡逻"))
        for shift_id in (first, second):
            async with sessions.begin() as session:
                await join_shift(session, cast.owner.resident_id, shift_id, Part.VOLUNTEER)
    return [first, second]


async def say(sessions: Sessions, cast: Cast, at: datetime, words: str, shift_id: UUID | None = None) -> str:
    """Say it at a moment, with the code of a shift where one is named; the message that answers."""
    with time_machine.travel(at):
        if shift_id is not None:
            async with sessions() as session:
                words += " " + code_of(await session.get_one(Shift, shift_id), now())
        [message] = await Person(sessions, cast.owner.resident_id).say(words, "check_in", ARRIVES)
    return message


async def test_whoever_is_there_arrives_at_the_next(sessions: Sessions, cast: Cast, two: list[UUID]) -> None:
    first, second = two
    assert await say(sessions, cast, SATURDAY, "签到", first) == "checked_in"
    assert await say(sessions, cast, SATURDAY + MINUTE, "签到") == "check_in_before"
    assert await say(sessions, cast, BETWEEN, "签到", second) == "checked_in"
    assert await states(sessions, first) == await states(sessions, second) == ["checked_in"]


async def test_whoever_missed_one_arrives_at_the_next(
    sessions: Sessions, cast: Cast, two: list[UUID]
) -> None:
    first, second = two
    assert await say(sessions, cast, BETWEEN, "签到", second) == "checked_in"
    assert await states(sessions, first) == ["signed_up"]
    assert await states(sessions, second) == ["checked_in"]


async def test_going_is_from_the_shift_that_has_begun(
    sessions: Sessions, cast: Cast, two: list[UUID]
) -> None:
    first, second = two
    await say(sessions, cast, SATURDAY, "签到", first)
    await say(sessions, cast, BETWEEN, "签到", second)
    for at in (BETWEEN + MINUTE, SATURDAY + 210 * MINUTE, SATURDAY + 211 * MINUTE):
        assert await say(sessions, cast, at, "签退") == "checked_out"
    async with sessions() as session:
        rows = (await session.scalars(select(SignUp).order_by(SignUp.starts_at))).all()
    assert [minutes_there(row) for row in rows] == [106, 90]


@pytest.mark.parametrize("said", ["没有码", "找不到那个码在哪", "我忘带手机了", "where do I find the code?"])
async def test_where_the_code_is_to_be_seen(
    sessions: Sessions, cast: Cast, two: list[UUID], said: str
) -> None:
    with time_machine.travel(SATURDAY):
        person = Person(sessions, cast.owner.resident_id)
        await person.say("我到了", "check_in", ARRIVES)
        assert person.slots["requested_slot"] == "code"
        assert await person.say(said, "ask_contact") == ["check_in_where", "check_in_ask_code"]
    assert "李姐" in person.bubbles[0]["values"]["contact"]
