"""The five seconds: an answer in time goes back with the request, a late one by message, each exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from channels.wechat import passive
from channels.wechat.bells import Bell
from channels.wechat.forgetting import forget_old_replies
from channels.wechat.passive import OPEN, Opened, Passed, PassiveReplies, until_from
from community.clock import now
from community.conversations.usecases import ask_for_person, take_conversation
from community.inbox.models import InboundMessage
from community.outbox.models import OutboxMessage, OutboxState, Priority
from community.parties.models import PartyType
from community.residents.usecases import choose_community, find_person, meet_person
from linli.database import Sessions
from linli.settings import Settings
from operations.platforms.wechat import Person, pushes
from tests.cast import Cast
from tests.channels.bot_stand_in import Answer, BotStandIn
from tests.channels.conftest import until
from tests.channels.wechat.stand_in import Platform
from tests.web.conftest import serving

Two = tuple[str, str]
PATIENCE = 30.0


@pytest.fixture
async def two_apps(wechat_settings: Settings, platform: Platform, bot: BotStandIn) -> AsyncIterator[Two]:
    """Two app processes, as far as a test can tell: they share the database only."""
    settings = wechat_settings.model_copy(update={"bot_url": bot.url, "database_pool": 5})
    async with AsyncExitStack() as stack:
        first, second = [
            f"{await stack.enter_async_context(serving(settings))}/channels/wechat" for _ in range(2)
        ]
        platform.account.callback = first
        yield first, second


@pytest.fixture
async def person(platform: Platform, two_apps: Two) -> Person:
    """A follower who was greeted."""
    person = platform.account.person()
    await platform.pusher.follow(person)
    person.thread.clear()
    return person


def answers(*words: str, seconds: float = 0.0) -> Callable[[dict[str, Any]], Any]:
    """A bot that says these bubbles after a while."""

    async def answer(_: dict[str, Any]) -> Answer:
        await asyncio.sleep(seconds)
        values = [{"words": each, "code": "", "name": ""} for each in words]
        return 200, {"messages": [{"message": "staff_answer", "values": value} for value in values]}

    return answer


async def cut(platform: Platform, bot: BotStandIn, fields: dict[str, str]) -> None:
    """The platform hangs up while the bot thinks."""
    before = len(bot.asked)
    request = asyncio.create_task(platform.pusher.post(fields))
    await until(lambda: asked(bot, before + 1))
    request.cancel()
    await asyncio.gather(request, return_exceptions=True)


async def test_the_first_bubble_goes_back_and_the_others_after_it(
    platform: Platform, person: Person, bot: BotStandIn
) -> None:
    bot.handler = answers("第一句", "第二句", "第三句")
    await platform.pusher.say(person, "电梯坏了")
    await until(lambda: heard(person, 3))
    assert [(shown.way, shown.text) for shown in person.thread[1:]] == [
        ("passive", "第一句"),
        ("custom", "第二句"),
        ("custom", "第三句"),
    ]


async def test_what_is_too_long_for_a_reply_goes_on_in_messages(
    platform: Platform, person: Person, bot: BotStandIn
) -> None:
    words = "电梯今天下午修好。" * 200
    bot.handler = answers(words)
    await platform.pusher.say(person, "电梯坏了")
    await until(lambda: heard(person, 3))
    assert "".join(person.heard()) == words
    assert [shown.way for shown in person.thread[1:]] == ["passive", "custom", "custom"]


async def test_a_late_answer_comes_by_message_once(
    platform: Platform, person: Person, bot: BotStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passive, "OPEN_SECONDS", 0.4)
    bot.handler = answers("来晚了", seconds=0.9)
    pushed = await platform.pusher.say(person, "电梯坏了")
    assert (pushed.answer, pushed.tries) == ("success", 1)
    await until(lambda: heard(person, 1))
    assert (person.thread[-1].way, person.left) == ("custom", 4)


async def test_a_repeat_elsewhere_waits_for_the_same_answer(
    platform: Platform, person: Person, bot: BotStandIn, two_apps: Two
) -> None:
    bot.handler = answers("修好了", seconds=0.8)
    fields = text_of(platform, person, "电梯坏了")
    first = asyncio.create_task(platform.pusher.post(fields))
    await until(lambda: asked(bot, 2))
    platform.account.callback = two_apps[1]
    second = await platform.pusher.post(fields)
    assert [platform.pusher._read(person, (await each).text if each is first else second.text).text
            for each in (first, second)] == ["修好了", "修好了"]  # fmt: skip
    assert bot.asked[1:] == ["电梯坏了"]
    await asyncio.sleep(0.3)
    assert person.heard() == []  # nothing came by message as well


async def test_a_request_that_was_cut_is_answered_at_its_repeat(
    platform: Platform, person: Person, bot: BotStandIn, two_apps: Two
) -> None:
    bot.handler = answers("修好了", seconds=1.0)
    fields = text_of(platform, person, "电梯坏了")
    await cut(platform, bot, fields)
    platform.account.callback = two_apps[1]
    assert platform.pusher._read(person, (await platform.pusher.post(fields)).text).text == "修好了"


async def test_a_request_that_was_cut_for_good_takes_no_words(
    platform: Platform, person: Person, bot: BotStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody would read them: they come by message, as if no request had been open."""
    monkeypatch.setattr(passive, "OPEN_SECONDS", 1.5)
    monkeypatch.setattr(passive, "WRITE_SECONDS", 0.2)
    bot.handler = answers("修好了", seconds=0.8)
    await cut(platform, bot, text_of(platform, person, "电梯坏了"))
    await until(lambda: heard(person, 1))
    assert [(shown.way, shown.text) for shown in person.thread] == [("custom", "修好了")]


async def test_no_connection_is_held_while_answers_are_waited_for(
    platform: Platform, bot: BotStandIn, two_apps: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve requests wait at once where the pool has five connections."""
    monkeypatch.setattr(passive, "OPEN_SECONDS", PATIENCE)
    monkeypatch.setattr(pushes, "ANSWER_SECONDS", PATIENCE)
    people = [platform.account.person() for _ in range(12)]
    bot.handler = answers("好", seconds=1.0)
    pushed = await asyncio.gather(*(platform.pusher.say(one, "你好") for one in people))
    assert {each.tries for each in pushed} == {1}
    assert {shown.way for one in people for shown in one.thread[1:]} == {"passive"}


async def test_while_staff_talk_the_request_is_not_kept_open(
    platform: Platform, cast: Cast, person: Person, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        known = await find_person(session, "wechat", person.openid)
        assert known is not None
        await choose_community(session, known.resident_id, cast.here.community.id)
        wish = await ask_for_person(session, known.resident_id, "想找居委会的人")
        await take_conversation(session, cast.here.staff[PartyType.COMMITTEE], wish.id)
    pushed = await platform.pusher.say(person, "在吗")
    assert pushed.answer == "success"
    assert pushed.seconds < passive.OPEN_SECONDS


async def stays() -> bool:
    """A platform that keeps its request open."""
    return False


class Held:
    """A stored message whose answer is queued, without the app: what may happen between the steps."""

    def __init__(self, sessions: Sessions, inbound_id: int, row: OutboxMessage, other: OutboxMessage) -> None:
        self.sessions, self.inbound_id, self.row, self.other = sessions, inbound_id, row, other

    async def open(self, seconds: float) -> Opened:
        """A request waits for so long."""
        async with self.sessions.begin() as session:
            until = until_from(asyncio.get_running_loop().time() - (passive.OPEN_SECONDS - seconds))
            values = {"id": self.inbound_id, "until": until, "now": now()}
            row = (await session.execute(OPEN, values)).one()
        return Opened(self.inbound_id, row.open_until, row.outbox_id is not None)

    async def offered(self) -> bool:
        """Whether words lie there for the request."""
        async with self.sessions() as session:
            return await session.scalar(text("SELECT outbox_id FROM wechat_answers")) is not None


@pytest.fixture
async def held(sessions: Sessions) -> Held:
    """One message of one person, and two rows that answer it."""
    async with sessions.begin() as session:
        known = await meet_person(session, "wechat", "o1")
        message = InboundMessage(
            address_id=known.address_id,
            resident_id=known.resident_id,
            channel="wechat",
            outside_id="1",
            text="电梯坏了",
            due_at=now(),
        )
        session.add(message)
        await session.flush()
        row, other = (
            OutboxMessage(
                resident_id=known.resident_id,
                address_id=known.address_id,
                channel="wechat",
                purpose=f"reply:1:{place}",
                message="welcome",
                priority=Priority.REPLY,
                state=OutboxState.SENDING,
                due_at=now(),
                answers_id=message.id,
            )
            for place in range(2)
        )
        session.add_all([row, other])
    return Held(sessions, message.id, row, other)


@pytest.fixture
async def replies(sessions: Sessions, database_url: str) -> AsyncIterator[list[PassiveReplies]]:
    """Two processes."""
    made = [PassiveReplies(sessions, database_url) for _ in range(2)]
    yield made
    for each in made:
        await each.close()


async def test_an_offer_that_no_door_takes_is_given_back(held: Held, replies: list[PassiveReplies]) -> None:
    await held.open(0.2)  # and the process of that door dies
    assert await replies[0].offer(held.inbound_id, held.row.id, "好") is Passed.NOT_TAKEN
    opened = await held.open(0.2)
    assert await replies[1].wait(opened, stays) is None


async def test_an_offer_after_the_end_is_not_taken(held: Held, replies: list[PassiveReplies]) -> None:
    opened = await held.open(0.1)
    assert await replies[0].wait(opened, stays) is None
    assert await replies[1].offer(held.inbound_id, held.row.id, "好") is Passed.NOT_TAKEN


async def test_a_sender_that_dies_after_the_offer_sends_it_no_second_time(
    held: Held, replies: list[PassiveReplies]
) -> None:
    opened = await held.open(PATIENCE)
    sender = asyncio.create_task(replies[0].offer(held.inbound_id, held.row.id, "好"))
    assert await replies[1].wait(opened, stays) == "好"
    sender.cancel()
    await replies[1].done(held.inbound_id)
    assert await replies[1].offer(held.inbound_id, held.row.id, "好") is Passed.DONE


async def test_a_door_that_dies_with_the_words_leaves_them_to_the_repeat(
    held: Held, replies: list[PassiveReplies]
) -> None:
    opened = await held.open(PATIENCE)
    sender = asyncio.create_task(replies[0].offer(held.inbound_id, held.row.id, "好"))
    assert await replies[1].wait(opened, stays) == "好"  # and it dies before it writes them
    assert await replies[1].wait(await held.open(PATIENCE), stays) == "好"
    await replies[1].done(held.inbound_id)
    assert await sender is Passed.DONE


async def test_words_that_nobody_saw_written_are_uncertain(
    held: Held, replies: list[PassiveReplies], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = await held.open(PATIENCE)
    taken = asyncio.Event()
    wait = replies[0]._wait_until_done

    async def wait_no_longer(bell: Bell, _: float, inbound_id: int, outbox_id: UUID) -> bool:
        await taken.wait()
        return await wait(bell, 0.1, inbound_id, outbox_id)

    monkeypatch.setattr(replies[0], "_wait_until_done", wait_no_longer)
    sender = asyncio.create_task(replies[0].offer(held.inbound_id, held.row.id, "好"))
    assert await replies[1].wait(opened, stays) == "好"
    taken.set()
    assert await sender is Passed.UNKNOWN


async def test_one_row_at_most_goes_with_a_request(
    held: Held, replies: list[PassiveReplies], sessions: Sessions
) -> None:
    opened = await held.open(PATIENCE)
    offers = [
        asyncio.create_task(each.offer(held.inbound_id, row.id, words))
        for each, row, words in zip(replies, (held.row, held.other), ("好", "好的"), strict=True)
    ]
    taken = await replies[0].wait(opened, stays)
    await replies[0].done(held.inbound_id)
    went = Passed.DONE, Passed.NOT_TAKEN
    assert (await asyncio.gather(*offers), taken) in [([*went], "好"), ([*reversed(went)], "好的")]
    async with sessions() as session:
        stored = await session.scalar(text("SELECT answer FROM wechat_answers"))
        assert stored.startswith("sealed:1:")


async def test_a_sender_that_died_before_a_door_took_its_words_gives_them_back(
    held: Held, replies: list[PassiveReplies]
) -> None:
    """Who claims its row after it cannot know how much the request still gets: the words go as a message."""
    await held.open(PATIENCE)
    died = asyncio.create_task(replies[0].offer(held.inbound_id, held.row.id, "好"))
    await until(held.offered)
    died.cancel()
    assert await replies[1].offer(held.inbound_id, held.row.id, "好") is Passed.NOT_TAKEN
    assert not await held.offered()


def text_of(platform: Platform, person: Person, words: str) -> dict[str, str]:
    """A text as it is pushed."""
    return {
        "ToUserName": platform.account.original_id,
        "FromUserName": person.openid,
        "CreateTime": str(int(now().timestamp())),
        "MsgType": "text",
        "Content": words,
        "MsgId": str(platform.account.next_number()),
    }


async def heard(person: Person, many: int) -> bool:
    """Whether Linli said so much."""
    return len(person.heard()) >= many


async def asked(bot: BotStandIn, many: int) -> bool:
    """Whether the bot was asked so often."""
    return len(bot.asked) >= many


async def test_replies_are_forgotten_after_a_day(
    held: Held, replies: list[PassiveReplies], sessions: Sessions
) -> None:
    await held.open(1)
    for hours, gone in ((23, 0), (25, 1), (25, 0)):
        async with sessions.begin() as session:
            assert await forget_old_replies(session, now() + timedelta(hours=hours)) == gone
