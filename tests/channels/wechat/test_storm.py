"""Many at once: every callback is stored and acknowledged in time, however slow the bot is, and answered once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, func, select

from channels.contract import Incoming
from channels.receiving import receive
from channels.wechat import calling, passive
from channels.wechat.happened import AFTER_MESSAGE
from community.errors import TooMany
from community.inbox.models import InboundMessage
from community.residents.models import Address
from linli.database import Sessions, make_engine
from linli.settings import Settings
from operations.platforms.wechat import Person, pushes
from tests.channels.bot_stand_in import Answer, BotStandIn
from tests.channels.conftest import until
from tests.channels.wechat.stand_in import Platform
from tests.web.conftest import serving
from web import parts

MANY = 240
HELD = 64
POOL = 10
PATIENCE = 240.0
WORDS = {"words": "好", "code": "", "name": ""}


async def test_many_at_once_are_stored_and_acknowledged_while_the_bot_is_silent_and_answered_once(
    wechat_settings: Settings,
    platform: Platform,
    bot: BotStandIn,
    sessions: Sessions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """How many seconds it takes is for the bench to say: here nobody's patience ends before the bot speaks."""
    monkeypatch.setattr(passive, "OPEN_SECONDS", PATIENCE)
    monkeypatch.setattr(pushes, "ANSWER_SECONDS", PATIENCE)
    monkeypatch.setattr(calling, "ANSWER_SECONDS", PATIENCE)
    monkeypatch.setattr(parts, "make_engine", partial(make_engine, wait=PATIENCE))
    speaks = asyncio.Event()

    async def silent(_: dict[str, Any]) -> Answer:
        await speaks.wait()
        return 200, {"messages": [{"message": "staff_answer", "values": WORDS}]}

    bot.handler = silent
    people = [platform.account.person() for _ in range(MANY)]
    for person in people:
        person.follows = True
    settings = wechat_settings.model_copy(
        update={"bot_url": bot.url, "bot_timeout": PATIENCE, "database_pool": POOL}
    )
    async with serving(settings) as address:
        platform.account.callback = f"{address}/channels/wechat"
        tasks = [asyncio.create_task(platform.pusher.say(person, "电梯坏了")) for person in people]

        async def acknowledged() -> bool:
            return sum(task.done() for task in tasks) >= MANY - HELD - POOL and await stored(sessions) == (
                MANY,
                MANY,
            )

        await until(acknowledged, seconds=PATIENCE)
        speaks.set()
        pushed = await asyncio.gather(*tasks)
        await until(lambda: all_heard(people), seconds=PATIENCE)
        await asyncio.sleep(1.0)
    passives = sum(each.answer != "success" for each in pushed)
    assert {(each.status, each.tries) for each in pushed} == {(200, 1)}
    assert HELD <= passives <= HELD + POOL
    assert {len(person.heard()) for person in people} == {1}
    assert len(bot.asked) == MANY


async def test_what_a_person_we_know_sends_is_one_statement(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await receive(session, incoming("1"))
    async with sessions.begin() as session:
        with statements(sessions) as run:
            arrived = await receive(session, incoming("2"), most_a_minute=20)
    assert (arrived.new, arrived.stored.repeated, len(run)) == (False, False, 1)


async def test_a_repeat_is_none_too_many(sessions: Sessions) -> None:
    """The platform brings again what is not answered in time: nobody has written more for it."""
    async with sessions.begin() as session:
        for number in ("1", "2"):
            await receive(session, incoming(number), most_a_minute=2)
        arrived = await receive(session, incoming("1"), most_a_minute=2)
        assert arrived.stored.repeated
        with pytest.raises(TooMany):
            await receive(session, incoming("3"), most_a_minute=2)


async def test_somebody_new_costs_three_statements_more(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        with statements(sessions) as run:
            arrived = await receive(session, incoming("1"), most_a_minute=20)
    assert (arrived.new, len(run)) == (True, 4)


async def test_two_processes_meet_somebody_once(sessions: Sessions) -> None:
    async def come(number: int) -> None:
        async with sessions.begin() as session:
            await receive(session, incoming(str(number)))

    await asyncio.gather(*(come(number) for number in range(8)))
    assert await stored(sessions) == (8, 1)


@contextmanager
def statements(sessions: Sessions) -> Iterator[list[str]]:
    """What is run inside."""
    run: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        run.append(statement)

    engine = sessions.kw["bind"].sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def stored(sessions: Sessions) -> tuple[int, int]:
    """How many messages, of how many people."""
    async with sessions() as session:
        messages = await session.scalar(select(func.count()).select_from(InboundMessage))
        people = await session.scalar(select(func.count()).select_from(Address))
    return messages or 0, people or 0


async def all_heard(people: list[Person]) -> bool:
    """Whether everybody has an answer."""
    return all(person.heard() for person in people)


def incoming(number: str) -> Incoming:
    """Words of one person."""
    return Incoming("wechat", "o1", number, "你好", grant=AFTER_MESSAGE)
