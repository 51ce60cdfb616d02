"""Where a dialogue stands goes to the bot with each message and is kept with the answer, never without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update

from channels.turns import TurnRunner
from channels.web.saying import say as store_words
from community.clock import now
from community.inbox.models import DialogueState, InboundMessage, InboundState, TurnLease
from community.residents.models import Address
from linli.database import Sessions
from tests.cast import Cast
from tests.channels.bot_stand_in import Answer, BotStandIn, echo
from tests.channels.conftest import say, until

MakeRunner = Callable[..., TurnRunner]


class Counting:
    """A bot that counts the messages of a person in the state; `asked` holds the state that came with each."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.fails = False

    async def answer(self, question: dict[str, Any]) -> Answer:
        """One more than the state says."""
        self.asked.append(question["state"])
        if self.fails:
            return 500, {}
        count = (question["state"] or {"slots": {"count": 0}})["slots"]["count"]
        _, answer = await echo(question)
        return 200, answer | {"state": {"slots": {"count": count + 1}, "loop": None}}


@pytest.fixture
def counting(bot: BotStandIn) -> Counting:
    """The bot of these tests."""
    counting = Counting()
    bot.handler = counting.answer
    return counting


async def _kept(sessions: Sessions, cast: Cast) -> int | None:
    async with sessions() as session:
        state = await session.get(DialogueState, cast.owner.resident_id)
    return int(state.state["slots"]["count"]) if state else None


async def _until_handled(sessions: Sessions, how_many: int) -> None:
    async def handled() -> bool:
        async with sessions() as session:
            states = (await session.scalars(select(InboundMessage.state))).all()
        return states.count(InboundState.HANDLED) == how_many

    await until(handled)


async def test_each_message_goes_with_the_state_after_the_one_before(
    sessions: Sessions, cast: Cast, counting: Counting, make_runner: MakeRunner
) -> None:
    for words in ("一", "二", "三"):
        await say(sessions, cast.owner, words)
    await say(sessions, cast.neighbour, "另一个人")
    runner = make_runner()
    runner.wake(cast.owner.resident_id)
    await _until_handled(sessions, 4)
    counts = [state and state["slots"]["count"] for state in counting.asked]
    assert sorted(counts, key=str) == [1, 2, None, None]
    assert await _kept(sessions, cast) == 3


async def test_words_that_are_claimed_where_they_are_stored_go_with_it_too(
    sessions: Sessions, cast: Cast, counting: Counting, make_runner: MakeRunner
) -> None:
    runner = make_runner()
    async with sessions() as session:
        outside_id = (await session.get_one(Address, cast.owner.address_id)).outside_id
    for number in (1, 2):
        async with sessions.begin() as session:
            said = await store_words(
                session, outside_id, uuid4().hex, "在吗", most_a_minute=9, owner=runner.owner()
            )
        assert said
        assert said.claimed
        runner.wake(cast.owner.resident_id, said.claimed)
        await _until_handled(sessions, number)
    assert [state and state["slots"]["count"] for state in counting.asked] == [None, 1]


async def test_a_turn_that_failed_leaves_the_state_as_it_was(
    sessions: Sessions,
    cast: Cast,
    counting: Counting,
    make_runner: MakeRunner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("community.inbox.usecases.BACKOFF", (now() - now(),))
    runner = make_runner()
    await say(sessions, cast.owner, "一")
    runner.wake(cast.owner.resident_id)
    await _until_handled(sessions, 1)
    counting.fails = True
    await say(sessions, cast.owner, "二")
    runner.wake(cast.owner.resident_id)

    async def asked_again() -> bool:
        return len(counting.asked) >= 3

    await until(asked_again)
    assert await _kept(sessions, cast) == 1
    assert [state and state["slots"]["count"] for state in counting.asked[:3]] == [None, 1, 1]


async def test_who_lost_the_queue_changes_nothing(
    sessions: Sessions, cast: Cast, counting: Counting, bot: BotStandIn, make_runner: MakeRunner
) -> None:
    """While the bot thinks, another process takes the queue over: the first answer and its state are dropped."""

    async def taken_over(question: dict[str, Any]) -> Answer:
        async with sessions.begin() as session:
            await session.execute(update(TurnLease).values(owner="somebody else"))
        return await counting.answer(question)

    bot.handler = taken_over
    await say(sessions, cast.owner, "一")
    runner = make_runner()
    runner.wake(cast.owner.resident_id)

    async def given_up() -> bool:
        return bool(counting.asked) and not runner._running

    await until(given_up)
    async with sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM outbox_messages")) == 0
    assert await _kept(sessions, cast) is None
