"""Asking for updates: each stored once and in order, by one process at a time, whatever dies or fails meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select, update

from channels.telegram.models import TelegramListener
from channels.telegram.service import TelegramService
from community.clock import now
from community.inbox.models import InboundMessage
from community.outbox.models import OutboxMessage
from community.residents.models import Address, Language, Resident
from linli.database import Sessions
from operations.platforms.telegram import people
from operations.platforms.telegram.state import Webhook
from tests.cast import Cast
from tests.channels.bot_stand_in import BotStandIn
from tests.channels.conftest import until
from tests.channels.telegram.conftest import Platform

Make = Callable[..., TelegramService]


def told(platform: Platform, person: int) -> list[str]:
    """What the bot wrote to a person."""
    return [row["text"] for row in platform.state.chats[person] if row["from"]["is_bot"] and "text" in row]


async def count(sessions: Sessions) -> int:
    async with sessions() as session:
        return (await session.scalar(select(func.count()).select_from(InboundMessage))) or 0


async def test_words_are_answered(platform: Platform, make_service: Make, cast: Cast) -> None:
    make_service()
    wang = people.meet(platform.state, 101, "王阿姨")
    await people.say(platform.state, wang, "电梯坏了")

    async def answered() -> bool:
        return bool(told(platform, 101))

    await until(answered)
    assert told(platform, 101) == ["电梯坏了"]


async def test_the_client_says_a_first_language(
    platform: Platform, make_service: Make, sessions: Sessions
) -> None:
    make_service()
    await people.start(platform.state, people.meet(platform.state, 103, "Maria", language="en-GB"))

    async def met() -> bool:
        return await count(sessions) == 1

    await until(met)
    async with sessions() as session:
        assert (await session.scalars(select(Resident.language))).one() is Language.EN


async def test_many_messages_are_stored_once_in_their_order(
    platform: Platform, make_service: Make, sessions: Sessions, bot: BotStandIn
) -> None:
    wang = people.meet(platform.state, 101)
    words = [f"第{number}句" for number in range(20)]
    for each in words:
        await people.say(platform.state, wang, each)
    make_service(), make_service()

    async def handled() -> bool:
        return len(bot.asked) == 20 and not platform.state.updates

    await until(handled, 60)  # each answer keeps its second from the one before
    assert bot.asked == words
    assert await count(sessions) == 20


async def test_what_was_not_confirmed_comes_again_and_is_stored_once(
    platform: Platform, make_service: Make, sessions: Sessions
) -> None:
    """A process died after it had stored: another platform's view of it, the same updates once more."""
    service = make_service(start=False)
    wang = people.meet(platform.state, 101)
    update_of = await people.say(platform.state, wang, "电梯坏了")
    await service.take_in(update_of)
    await service.take_in(update_of)
    make_service()

    async def confirmed() -> bool:
        return not platform.state.updates

    await until(confirmed)
    assert await count(sessions) == 1


async def test_a_second_process_waits_until_the_first_lets_go(
    platform: Platform, make_service: Make, sessions: Sessions
) -> None:
    first = make_service()

    async def listens() -> bool:
        return any(name == "getupdates" for name, _ in platform.state.calls)

    await until(listens)
    async with sessions() as session:
        owner = (await session.scalars(select(TelegramListener.owner))).one()
    make_service()
    await people.say(platform.state, people.meet(platform.state, 101), "一")

    async def stored() -> bool:
        return await count(sessions) == 1

    await until(stored)
    async with sessions() as session:
        assert (await session.scalars(select(TelegramListener.owner))).one() == owner
    await first.stop()
    await people.say(platform.state, people.meet(platform.state, 101), "二")

    async def second_stored() -> bool:
        return await count(sessions) == 2

    await until(second_stored)


async def test_who_lost_the_lease_keeps_nothing(
    platform: Platform, make_service: Make, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease goes to somebody else between the question and the storing."""
    make_service()

    async def listens() -> bool:
        async with sessions() as session:
            return bool(await session.scalar(select(TelegramListener.owner)))

    await until(listens)
    async with sessions.begin() as session:
        moment = now() + timedelta(minutes=5)
        await session.execute(update(TelegramListener).values(owner="another", until=moment))
    await people.say(platform.state, people.meet(platform.state, 101), "电梯坏了")
    await asyncio.sleep(0.3)
    assert await count(sessions) == 0
    async with sessions.begin() as session:
        await session.execute(update(TelegramListener).values(until=now()))

    async def stored() -> bool:
        return await count(sessions) == 1

    await until(stored)


async def test_after_a_silent_week_numbers_may_begin_anew(
    platform: Platform, make_service: Make, sessions: Sessions
) -> None:
    """The platform says so of its numbers: a lower one is no older one."""
    make_service()
    wang = people.meet(platform.state, 101)
    for number, expected in ((7_000_000, 1), (40, 2)):
        platform.state.begin_updates_at(number)
        await people.say(platform.state, wang, f"从{number}开始")

        async def stored(wanted: int = expected) -> bool:
            return await count(sessions) == wanted and not platform.state.updates

        await until(stored)


async def test_another_program_that_asks_is_survived(
    platform: Platform, make_service: Make, sessions: Sessions
) -> None:
    """Somebody runs a second Linli with the same token: the platform ends the question of whoever asked before."""
    make_service()
    for number in range(3):
        async with httpx.AsyncClient(base_url=platform.url, trust_env=False) as other:
            await other.post(f"/bot{platform.state.token}/getUpdates", json={"timeout": 0})
        await people.say(platform.state, people.meet(platform.state, 101), f"第{number}句")

    async def stored() -> bool:
        return await count(sessions) == 3

    await until(stored)


async def test_a_webhook_of_before_is_taken_away(
    platform: Platform, make_service: Make, sessions: Sessions
) -> None:
    platform.state.webhook = Webhook("http://127.0.0.1:9/nobody", "x")
    await people.say(platform.state, people.meet(platform.state, 101), "电梯坏了")
    make_service()

    async def stored() -> bool:
        return await count(sessions) == 1

    await until(stored)
    assert platform.state.webhook is None


async def test_a_block_stops_the_address_and_the_next_word_opens_it(
    platform: Platform, make_service: Make, sessions: Sessions
) -> None:
    make_service()
    wang = people.meet(platform.state, 101)
    await people.say(platform.state, wang, "在吗")

    async def answered() -> bool:
        async with sessions() as session:
            return (await session.scalars(select(OutboxMessage.state))).all() == ["sent"]

    await until(answered)

    async def state_is(state: str) -> bool:
        async with sessions() as session:
            return await session.scalar(select(Address.state)) == state

    await until(lambda: state_is("active"))
    await people.block(platform.state, wang)
    await until(lambda: state_is("stopped"))
    await people.block(platform.state, wang, blocked=False)
    await until(lambda: state_is("active"))
