"""Messages in: each handled once, in order, also when they come twice, to two processes, or while the bot fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text, update

from channels import turns
from channels.contract import Incoming
from channels.inbound import store_inbound
from channels.turns import TurnRunner
from channels.web.saying import Said
from channels.web.saying import say as store_words
from channels.web.thread import append_own
from community.actors import StaffActor
from community.clock import now
from community.conversations.usecases import ask_for_person, give_back, take_conversation
from community.inbox.models import InboundMessage, InboundState, TurnLease
from community.inbox.usecases import find_queues_to_run, try_again
from community.outbox.models import OutboxMessage, OutboxState
from community.parties.models import PartyType
from community.residents.models import Address
from community.residents.usecases import Known, meet_person
from linli.database import Sessions, make_engine, make_sessions
from tests.cast import Cast
from tests.channels.bot_stand_in import Answer, BotStandIn, echo
from tests.channels.conftest import say, until

MakeRunner = Callable[..., TurnRunner]


async def _states(sessions: Sessions) -> list[InboundState]:
    async with sessions() as session:
        return list((await session.scalars(select(InboundMessage.state).order_by(InboundMessage.id))).all())


async def _told(sessions: Sessions) -> list[tuple[str, str]]:
    async with sessions() as session:
        rows = await session.scalars(select(OutboxMessage).order_by(OutboxMessage.seq))
        return [(row.message, row.values.get("words", "")) for row in rows.all()]


def _all_handled(sessions: Sessions) -> Callable[[], Any]:
    async def check() -> bool:
        return set(await _states(sessions)) == {InboundState.HANDLED}

    return check


def _in_state(sessions: Sessions, state: InboundState) -> Callable[[], Any]:
    async def check() -> bool:
        return await _states(sessions) == [state]

    return check


async def test_a_message_that_comes_three_times_is_one(
    sessions: Sessions, cast: Cast, bot: BotStandIn, make_runner: MakeRunner
) -> None:
    stored = await asyncio.gather(*(say(sessions, cast.owner, "你好", "same-id") for _ in range(3)))
    assert sorted(row.repeated for row in stored) == [False, True, True]
    assert len({row.id for row in stored}) == 1
    make_runner().wake(cast.owner.resident_id)
    await until(_all_handled(sessions))
    assert bot.asked == ["你好"]
    assert await _told(sessions) == [("staff_answer", "你好")]


async def test_twenty_messages_are_handled_in_order_by_two_processes(
    sessions: Sessions, cast: Cast, bot: BotStandIn, make_runner: MakeRunner
) -> None:
    runners = [make_runner(), make_runner()]
    texts = [f"第{number}句" for number in range(20)]
    for number, words in enumerate(texts):
        await say(sessions, cast.owner, words)
        runners[number % 2].wake(cast.owner.resident_id)
    await until(_all_handled(sessions))
    assert bot.asked == texts
    assert [words for _, words in await _told(sessions)] == texts


async def test_words_that_are_claimed_where_they_are_stored_keep_their_order_too(
    sessions: Sessions, cast: Cast, bot: BotStandIn, make_runner: MakeRunner
) -> None:
    runners = [make_runner(), make_runner()]
    texts = [f"第{number}句" for number in range(20)]
    async with sessions() as session:
        outside_id = (await session.get_one(Address, cast.owner.address_id)).outside_id
    claims = []
    for number, words in enumerate(texts):
        runner = runners[number % 2]
        async with sessions.begin() as session:
            said = await store_words(
                session, outside_id, uuid4().hex, words, most_a_minute=100, owner=runner.owner()
            )
        assert said
        runner.wake(cast.owner.resident_id, said.claimed)
        claims.append(said.claimed)
    await until(_all_handled(sessions))
    assert claims[0]
    assert claims[0].text == texts[0]
    assert bot.asked == texts
    assert [words for _, words in await _told(sessions)] == texts


async def test_words_of_a_second_tab_wait_for_what_the_first_was_storing(
    sessions: Sessions, cast: Cast, bot: BotStandIn, make_runner: MakeRunner
) -> None:
    runner, owner = make_runner(), cast.owner
    async with sessions() as session:
        outside_id = (await session.get_one(Address, owner.address_id)).outside_id

    async def second() -> Said | None:
        async with sessions.begin() as session:
            return await store_words(
                session, outside_id, uuid4().hex, "二", most_a_minute=9, owner=runner.owner()
            )

    async def waits() -> bool:
        async with sessions() as session:
            locks = select(func.count()).select_from(text("pg_locks")).where(text("NOT granted"))
            return bool(await session.scalar(locks))

    async with sessions.begin() as first:
        stored = await store_inbound(first, owner, Incoming("web", outside_id, uuid4().hex, "一"))
        await append_own(first, owner.address_id, stored.id, now())
        later = asyncio.create_task(second())
        await until(waits)
    said = await later
    assert said
    assert (said.seq, said.claimed) == (2, None)
    runner.wake(owner.resident_id, said.claimed)
    await until(_all_handled(sessions))
    assert bot.asked == ["一", "二"]


async def test_sixty_people_with_a_pool_of_five_do_not_stand_still(
    database_url: str, cast: Cast, bot: BotStandIn, make_runner: MakeRunner
) -> None:
    engine = make_engine(database_url, pool=5)
    sessions = make_sessions(engine)
    runner = make_runner(sessions)

    async def come(number: int) -> Known:
        async with sessions.begin() as session:
            return await meet_person(session, "web", f"person {number}", community_id=cast.here.community.id)

    async def slow(question: dict[str, Any]) -> Answer:
        async with sessions() as session:  # as an action does, which calls back into the same pool
            await session.execute(text("SELECT pg_sleep(0.01)"))
        return await echo(question)

    bot.handler = slow
    people = await asyncio.gather(*(come(number) for number in range(60)))
    await asyncio.gather(*(say(sessions, person, "电梯坏了") for person in people))
    for person in people:
        runner.wake(person.resident_id)
    await until(_all_handled(sessions), 60)
    assert len(bot.asked) == 60
    await engine.dispose()


async def test_bot_away_keeps_the_message_tells_once_and_answers_later(
    sessions: Sessions, cast: Cast, bot: BotStandIn, make_runner: MakeRunner
) -> None:
    await bot.stop()
    await say(sessions, cast.owner, "在吗")
    make_runner().wake(cast.owner.resident_id)

    async def told() -> bool:
        return await _told(sessions) == [("bot_away", "")]

    await until(told)
    await asyncio.sleep(2.5)  # at least one more try while the bot is away: the person is not told again
    assert await told()
    await bot.start()
    await until(_all_handled(sessions))
    assert await _told(sessions) == [("bot_away", ""), ("staff_answer", "在吗")]


async def test_a_poison_message_is_set_aside_and_the_next_one_is_answered(
    sessions: Sessions, cast: Cast, bot: BotStandIn, make_runner: MakeRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("community.inbox.usecases.BACKOFF", (now() - now(),))

    async def handler(question: dict[str, Any]) -> Answer:
        return (200, {"messages": []}) if question["text"] == "毒" else await echo(question)

    bot.handler = handler
    await say(sessions, cast.owner, "毒")
    await say(sessions, cast.owner, "好")
    make_runner().wake(cast.owner.resident_id)

    async def done() -> bool:
        return await _states(sessions) == [InboundState.STUCK, InboundState.HANDLED]

    await until(done)
    assert bot.asked.count("毒") == 3
    assert await _told(sessions) == [("bot_away", ""), ("staff_answer", "好")]


async def test_an_answer_that_cannot_be_stored_is_a_failure_of_the_message(
    sessions: Sessions, cast: Cast, bot: BotStandIn, make_runner: MakeRunner
) -> None:
    async def speak_in_nul(_: dict[str, Any]) -> Answer:
        return 200, {"messages": [{"message": "staff_answer", "values": {"words": "a\0b"}}]}

    async def failed_once() -> bool:
        async with sessions() as session:
            return await session.scalar(select(InboundMessage.tries)) == 1

    bot.handler = speak_in_nul
    await say(sessions, cast.owner, "你好")
    make_runner().wake(cast.owner.resident_id)
    await until(failed_once)
    assert [message for message, _ in await _told(sessions)] == ["bot_away"]


async def test_what_nobody_foresaw_does_not_end_the_search_for_left_queues(
    sessions: Sessions, cast: Cast, make_runner: MakeRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = 0

    async def stumble_once(*args: Any) -> Sequence[UUID]:
        nonlocal looked
        looked += 1
        if looked == 1:
            raise RuntimeError
        return await find_queues_to_run(*args)

    monkeypatch.setattr(turns, "find_queues_to_run", stumble_once)
    make_runner()
    await say(sessions, cast.owner, "你好")
    await until(_all_handled(sessions))


async def test_a_queue_whose_first_message_is_put_off_is_not_looked_for(
    sessions: Sessions, cast: Cast
) -> None:
    first = await say(sessions, cast.owner, "毒")
    await say(sessions, cast.owner, "好")
    await say(sessions, cast.neighbour, "好")
    async with sessions.begin() as session:
        later = now() + timedelta(seconds=30)
        await session.execute(
            update(InboundMessage).where(InboundMessage.id == first.id).values(due_at=later)
        )
        assert await find_queues_to_run(session, now(), 9) == [cast.neighbour.resident_id]
        both = [cast.owner.resident_id, cast.neighbour.resident_id]
        assert await find_queues_to_run(session, later, 9) == both


async def test_staff_send_a_stuck_message_again(
    sessions: Sessions, cast: Cast, bot: BotStandIn, make_runner: MakeRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("community.inbox.usecases.BACKOFF", (now() - now(),))

    async def broken(question: dict[str, Any]) -> Answer:
        return 500, {"error": "action failed"}

    bot.handler = broken
    stored = await say(sessions, cast.owner, "你好")
    runner = make_runner()
    runner.wake(cast.owner.resident_id)
    await until(_in_state(sessions, InboundState.STUCK))
    bot.handler = echo
    async with sessions.begin() as session:
        runner.wake(await try_again(session, cast.here.staff[PartyType.COMMITTEE], stored.id))
    await until(_all_handled(sessions))


async def test_a_bot_that_hangs_delays_nobody_else(
    sessions: Sessions, cast: Cast, bot: BotStandIn, make_runner: MakeRunner
) -> None:
    async def handler(question: dict[str, Any]) -> Answer:
        if question["text"] == "慢":
            await asyncio.Event().wait()
        return await echo(question)

    bot.handler = handler
    await say(sessions, cast.owner, "慢")
    await say(sessions, cast.neighbour, "快")
    runner = make_runner()
    runner.wake(cast.owner.resident_id)

    async def hangs() -> bool:
        return "慢" in bot.asked

    await until(hangs)
    runner.wake(cast.neighbour.resident_id)

    async def neighbour_answered() -> bool:
        return ("staff_answer", "快") in await _told(sessions)

    await until(neighbour_answered)  # long before the bot is given up


async def test_the_queue_of_a_dead_process_is_taken_over(
    sessions: Sessions, cast: Cast, bot: BotStandIn, make_runner: MakeRunner
) -> None:
    await say(sessions, cast.owner, "喂")
    async with sessions.begin() as session:
        session.add(TurnLease(resident_id=cast.owner.resident_id, owner="dead", until=now()))
    make_runner()
    await until(_all_handled(sessions))


async def test_a_turn_that_lost_its_lease_records_nothing(
    sessions: Sessions, cast: Cast, bot: BotStandIn, make_runner: MakeRunner
) -> None:
    async def steal(question: dict[str, Any]) -> Answer:
        async with sessions.begin() as session:
            await session.execute(update(TurnLease).values(owner="thief", until=now()))
        bot.handler = echo
        return await echo(question)

    bot.handler = steal
    await say(sessions, cast.owner, "一次")
    make_runner().wake(cast.owner.resident_id)
    await until(_all_handled(sessions))
    assert await _told(sessions) == [("staff_answer", "一次")]


async def test_the_bot_is_silent_while_a_person_has_the_conversation(
    sessions: Sessions, cast: Cast, bot: BotStandIn, make_runner: MakeRunner
) -> None:
    clerk: StaffActor = cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        handover = await ask_for_person(session, cast.owner.resident_id, "想找个人说")
        await take_conversation(session, clerk, handover.id)
    await say(sessions, cast.owner, "我想说件事")
    runner = make_runner()
    runner.wake(cast.owner.resident_id)
    await until(_all_handled(sessions))
    assert bot.asked == []
    async with sessions.begin() as session:
        await give_back(session, clerk, handover.id)
    await say(sessions, cast.owner, "谢谢")
    runner.wake(cast.owner.resident_id)
    await until(_all_handled(sessions))
    assert bot.asked == ["谢谢"]


async def test_words_to_staff_in_which_nobody_could_look_for_danger_are_not_done_with(
    sessions: Sessions, cast: Cast, bot: BotStandIn, make_runner: MakeRunner
) -> None:
    clerk: StaffActor = cast.here.staff[PartyType.COMMITTEE]
    async with sessions.begin() as session:
        handover = await ask_for_person(session, cast.owner.resident_id, "想找个人说")
        await take_conversation(session, clerk, handover.id)
    await bot.stop()
    await say(sessions, cast.owner, "我想跳下去")
    make_runner().wake(cast.owner.resident_id)

    async def put_off() -> bool:
        async with sessions() as session:
            return await session.scalar(select(InboundMessage.reason)) == "bot_away"

    await until(put_off)
    assert await _states(sessions) == [InboundState.WAITING]
    bot.parsed = {"intent": {"name": "crisis"}, "need": {"urgency": "crisis"}}
    await bot.start()
    await until(_all_handled(sessions))
    assert bot.asked == ["我想跳下去"]
    told = [message for message, _ in await _told(sessions)]
    assert told == ["person_joins", "staff_answer"]  # without an excuse between them


async def test_a_command_that_a_person_types_is_words(
    sessions: Sessions, cast: Cast, bot: BotStandIn, make_runner: MakeRunner
) -> None:
    await say(sessions, cast.owner, '/report_need{"kind": "noise"}')
    make_runner().wake(cast.owner.resident_id)
    await until(_all_handled(sessions))
    assert bot.asked == ['report_need{"kind": "noise"}']


async def test_answers_are_in_the_thread_and_marked_sent(
    sessions: Sessions, cast: Cast, bot: BotStandIn, make_runner: MakeRunner
) -> None:
    await say(sessions, cast.owner, "你好")
    make_runner().wake(cast.owner.resident_id)

    async def sent() -> bool:
        async with sessions() as session:
            return (await session.scalars(select(OutboxMessage.state))).all() == [OutboxState.SENT]

    await until(sent)
