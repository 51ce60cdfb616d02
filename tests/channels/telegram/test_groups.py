"""Groups: general questions only, out of what is public; nothing of who asks is kept, and no need comes from there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.pool import AsyncAdaptedQueuePool
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from channels.bot_client import VECTOR_BYTES
from channels.telegram.groups import Groups, forget_old_group_questions
from channels.telegram.models import TelegramGroup, TelegramGroupQuestion
from channels.telegram.reading import Me
from channels.telegram.service import TelegramService
from community.clock import now
from community.inbox.models import InboundMessage
from community.notices.models import Notice, NoticeState
from community.residents.models import Address, Resident
from linli.database import Sessions
from operations.platforms.telegram import USERNAME, people
from operations.platforms.telegram.state import Group
from tests.cast import Cast
from tests.channels.bot_stand_in import BotStandIn
from tests.channels.conftest import until
from tests.channels.telegram.conftest import Platform

Make = Callable[..., TelegramService]
NAMED = f"@{USERNAME}"


def parsed(intent: str, urgency: str = "normal") -> dict[str, Any]:
    """What the bot understands."""
    return {"intent": {"name": intent}, "need": {"urgency": urgency, "kind": "x", "confidence": 0.9}}


@pytest.fixture
def group(platform: Platform) -> Group:
    """A group of neighbours with the bot in it."""
    return people.found_group(platform.state, -1001, "三号楼")


async def ask(
    platform: Platform, group: Group, words: str, answers: int = 1, person: int = 101, **more: Any
) -> dict[str, Any]:
    """Say it in the group; gives what the bot wrote there."""
    await people.say_in_group(platform.state, people.meet(platform.state, person), group, words, **more)

    def written() -> list[dict[str, Any]]:
        ours = platform.state.bot["id"]
        return [row for row in platform.state.chats[group.id] if row["from"]["id"] == ours]

    async def answered() -> bool:
        return len(written()) >= answers

    await until(answered)
    return written()[-1]


async def test_a_group_of_a_known_community_gets_its_contact(
    platform: Platform, make_service: Make, bot: BotStandIn, sessions: Sessions, cast: Cast, group: Group
) -> None:
    code, name = cast.here.community.code, cast.here.community.name["zh"]
    bot.parsed = parsed("ask_contact")
    make_service()
    await ask(platform, group, f"/start@{USERNAME} {code}")
    said = await ask(platform, group, f"{NAMED} 居委会电话多少", 2)
    assert name in said["text"]
    ((button,),) = said["reply_markup"]["inline_keyboard"]
    assert button["url"] == f"https://t.me/{USERNAME}?start={code}"


async def test_only_an_administrator_turns_a_group_to_another_community(
    platform: Platform, make_service: Make, bot: BotStandIn, sessions: Sessions, cast: Cast, group: Group
) -> None:
    here, there = cast.here.community, cast.there.community
    bot.parsed = parsed("ask_contact")
    make_service()
    await ask(platform, group, f"/start@{USERNAME} {here.code}")
    refused = await ask(platform, group, f"/start@{USERNAME} {there.code}", 2, person=102)
    assert "管理员" in refused["text"]
    assert "administrators" in refused["text"]
    assert here.name["zh"] in (await ask(platform, group, f"{NAMED} 居委会电话多少", 3, person=102))["text"]
    group.administrators = {102}
    await ask(platform, group, f"/start@{USERNAME} {there.code}", 4, person=102)
    assert there.name["zh"] in (await ask(platform, group, f"{NAMED} 居委会电话多少", 5))["text"]
    async with sessions() as session:
        rows = (await session.scalars(select(TelegramGroupQuestion))).all()
    assert {(row.asked_by, row.scene) for row in rows if row.answered_at} == {(None, None)}


async def test_an_administrator_may_stay_unnamed(
    platform: Platform, make_service: Make, bot: BotStandIn, cast: Cast, group: Group
) -> None:
    bot.parsed = parsed("ask_contact")
    make_service()
    await ask(platform, group, f"{NAMED} 你好")
    as_the_group = {
        "from": {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"},
        "sender_chat": group.as_chat(),
    }
    await ask(
        platform, group, f"/start@{USERNAME} {cast.there.community.code}", 2, person=102, **as_the_group
    )
    said = await ask(platform, group, f"{NAMED} 居委会电话多少", 3)
    assert cast.there.community.name["zh"] in said["text"]


async def test_while_the_platform_cannot_say_who_administers_nothing_changes(
    platform: Platform, make_service: Make, bot: BotStandIn, sessions: Sessions, cast: Cast, group: Group
) -> None:
    platform.state.faults.only, platform.state.faults.down = frozenset({"getchatadministrators"}), True
    make_service()
    wang = people.meet(platform.state, 101)
    await people.say_in_group(platform.state, wang, group, f"/start@{USERNAME} {cast.here.community.code}")

    async def tried() -> bool:
        async with sessions() as session:
            return bool(await session.scalar(select(TelegramGroupQuestion.tries)))

    await until(tried)
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(TelegramGroup)) == 0


class Unsaid:
    """A bot that the platform does not tell who the administrators are, and one that writes to the group."""

    def __init__(self, error: TelegramError) -> None:
        self.error, self.written = error, list[str]()

    async def get_chat_administrators(self, _: int) -> None:
        raise self.error

    async def send_message(self, _: int, words: str, **__: object) -> None:
        self.written.append(words)


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (BadRequest("member list is inaccessible"), 0),
        (Forbidden("bot was kicked"), 0),
        (NetworkError("502"), 2),
    ],
)
async def test_whoever_names_the_community_hears_that_nobody_could_say_who_administers(
    sessions: Sessions, cast: Cast, error: TelegramError, tries: int
) -> None:
    named = TelegramGroupQuestion(
        id="1:1", chat_id=-1001, message_id=1, words="", due_at=now(), tries=tries,
        scene=cast.here.community.code, asked_by=101,
    )  # fmt: skip
    async with sessions.begin() as session:
        session.add(named)
    bot = Unsaid(error)
    assert await Groups(sessions, bot, bot).answer_one(Me(1, USERNAME))  # type: ignore[arg-type]
    [words] = bot.written
    assert "查不到谁是群管理员" in words
    assert "administrators" in words
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(TelegramGroup)) == 0
        assert await session.scalar(select(TelegramGroupQuestion.answered_at)) is not None


async def test_a_need_is_neither_taken_nor_stored(
    platform: Platform, make_service: Make, bot: BotStandIn, sessions: Sessions, cast: Cast, group: Group
) -> None:
    code = cast.here.community.code
    bot.parsed = parsed("report_need")
    async with sessions() as session:
        before = await session.scalar(select(func.count()).select_from(Resident))
    make_service()
    await ask(platform, group, f"/start@{USERNAME} {code}")
    said = await ask(platform, group, f"{NAMED} 3号楼的电梯坏了", 2)
    assert "私聊" in said["text"]
    assert not [text for text in bot.asked if text != "vectors"]
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(InboundMessage)) == 0
        assert await session.scalar(select(func.count()).select_from(Resident)) == before
        assert (
            await session.scalar(
                select(func.count()).select_from(Address).where(Address.channel == "telegram")
            )
            == 0
        )


async def test_danger_gets_the_numbers_at_once(
    platform: Platform, make_service: Make, bot: BotStandIn, cast: Cast, group: Group
) -> None:
    bot.parsed = parsed("crisis", "crisis")
    make_service()
    said = await ask(platform, group, f"{NAMED} 我不想活了")
    assert "12356" in said["text"]


async def test_danger_that_nobody_could_see_is_looked_for_again(
    platform: Platform,
    make_service: Make,
    bot: BotStandIn,
    sessions: Sessions,
    group: Group,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("channels.telegram.groups.TAKES", timedelta(seconds=1))
    bot.parsed = parsed("crisis", "crisis")
    await bot.stop()
    make_service()
    wang = people.meet(platform.state, 101)
    await people.say_in_group(platform.state, wang, group, f"{NAMED} 我不想活了")

    async def tried() -> bool:
        async with sessions() as session:
            return bool(await session.scalar(select(TelegramGroupQuestion.tries)))

    def told() -> list[str]:
        return [row["text"] for row in platform.state.chats[group.id] if row["from"]["is_bot"]]

    await until(tried)
    assert not told()
    await bot.start()

    async def answered() -> bool:
        return bool(told())

    await until(answered)
    assert "12356" in told()[0]


async def test_a_group_that_becomes_a_supergroup_keeps_its_community(
    platform: Platform, make_service: Make, bot: BotStandIn, sessions: Sessions, cast: Cast, group: Group
) -> None:
    bot.parsed = parsed("ask_contact")
    make_service()
    await ask(platform, group, f"/start@{USERNAME} {cast.here.community.code}")
    grown = people.grow_group(platform.state, group, -1002)
    await people.tell_of_growth(platform.state, people.meet(platform.state, 101), group, grown)
    said = await ask(platform, grown, f"{NAMED} 居委会电话多少")
    assert cast.here.community.name["zh"] in said["text"]
    async with sessions() as session:
        assert (await session.scalars(select(TelegramGroup.chat_id))).all() == [grown.id]


async def test_a_question_of_a_group_that_has_grown_is_answered_where_it_is_now(
    platform: Platform,
    make_service: Make,
    bot: BotStandIn,
    cast: Cast,
    group: Group,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("channels.telegram.groups.TAKES", timedelta(seconds=1))
    bot.parsed = parsed("ask_contact")
    make_service()
    await ask(platform, group, f"/start@{USERNAME} {cast.here.community.code}")
    grown = people.grow_group(platform.state, group, -1002)
    wang = people.meet(platform.state, 101)
    await people.say_in_group(platform.state, wang, group, f"{NAMED} 居委会电话多少")

    async def answered() -> bool:
        return bool(platform.state.chats[grown.id])

    await until(answered)
    assert cast.here.community.name["zh"] in platform.state.chats[grown.id][0]["text"]


async def test_a_group_is_told_public_notices_alone(
    platform: Platform, make_service: Make, bot: BotStandIn, sessions: Sessions, cast: Cast, group: Group
) -> None:
    for_all, for_some = "明天停水", "给独居老人的通知"
    async with sessions.begin() as session:
        for words, public in ((for_all, True), (for_some, False)):
            notice = Notice(
                community_id=cast.here.community.id,
                category="utilities",
                state=NoticeState.SENT,
                public=public,
                title_zh="通知",
                text_zh=words,
                valid_from=now() - timedelta(hours=1),
                valid_until=now() + timedelta(days=1),
            )
            session.add(notice)
    bot.parsed = parsed("read_notices")
    make_service()
    await ask(platform, group, f"/start@{USERNAME} {cast.here.community.code}")
    said = await ask(platform, group, f"{NAMED} 有什么通知", 2)
    assert for_all in said["text"]
    assert for_some not in said["text"]


async def test_activities_are_listed_without_who_comes(
    platform: Platform, make_service: Make, bot: BotStandIn, cast: Cast, group: Group
) -> None:
    bot.parsed = parsed("find_activities")
    make_service()
    await ask(platform, group, f"/start@{USERNAME} {cast.here.community.code}")
    assert "活动" in (await ask(platform, group, f"{NAMED} 周末有什么活动", 2))["text"]


async def test_where_nobody_knows_the_community_it_says_so(
    platform: Platform, make_service: Make, bot: BotStandIn, cast: Cast, group: Group
) -> None:
    bot.parsed = parsed("read_notices")
    make_service()
    assert "哪个社区" in (await ask(platform, group, f"{NAMED} 有什么通知"))["text"]


async def test_what_neighbours_say_to_each_other_is_not_even_kept(
    platform: Platform, make_service: Make, sessions: Sessions, group: Group
) -> None:
    service = make_service()
    await ask(platform, group, f"{NAMED} 你好")
    update = {
        "message_id": 99,
        "from": people.meet(platform.state, 101).as_user(),
        "chat": group.as_chat(),
        "date": 1,
        "text": "谁家的猫",
    }
    await service.take_in({"update_id": 1, "message": update})
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(TelegramGroupQuestion)) == 1


async def test_the_words_go_with_the_answer_and_the_row_a_day_later(
    platform: Platform, make_service: Make, sessions: Sessions, group: Group
) -> None:
    make_service()
    await ask(platform, group, f"{NAMED} 你好")

    async def finished() -> bool:
        async with sessions() as session:
            row = (await session.scalars(select(TelegramGroupQuestion))).one()
            return row.answered_at is not None and row.words is None

    await until(finished)
    async with sessions.begin() as session:
        assert await forget_old_group_questions(session, now()) == 0
        assert await forget_old_group_questions(session, now() + timedelta(days=2)) == 1


async def test_a_group_that_asks_without_end_is_left(
    platform: Platform, make_service: Make, sessions: Sessions, group: Group
) -> None:
    service = make_service(start=False)
    wang = people.meet(platform.state, 101)
    for number in range(20):
        update = await people.say_in_group(platform.state, wang, group, f"{NAMED} 第{number}问")
        await service.take_in(update)
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(TelegramGroupQuestion)) == 10


async def test_two_processes_answer_once(
    platform: Platform, make_service: Make, sessions: Sessions, group: Group
) -> None:
    make_service(), make_service()
    for number in range(3):
        await ask(platform, group, f"{NAMED} 你好", number + 1)
    written = [row for row in platform.state.chats[group.id] if row["from"]["is_bot"]]
    assert len(written) == 3


class Watched:
    """A bot that looks whether a connection is held while it is asked, and one that writes to the group."""

    def __init__(self, pool: AsyncAdaptedQueuePool) -> None:
        self.pool, self.held, self.written = pool, list[int](), list[str]()

    async def is_alarm(self, _: str) -> bool:
        self.held.append(self.pool.checkedout())
        return False

    async def find_intent(self, _: str) -> str:
        self.held.append(self.pool.checkedout())
        return "ask_procedure"

    async def vectors(self, _: list[str]) -> list[bytes]:
        self.held.append(self.pool.checkedout())
        return [b"\0" * VECTOR_BYTES]

    async def send_message(self, _: int, words: str, **__: object) -> None:
        self.written.append(words)


async def test_no_connection_is_held_while_the_bot_is_asked(sessions: Sessions, cast: Cast) -> None:
    async with sessions.begin() as session:
        group = TelegramGroup(chat_id=-1001, community_id=cast.here.community.id)
        asked = TelegramGroupQuestion(
            id="1:1", chat_id=-1001, message_id=1, words="怎么办居住证", due_at=now()
        )
        session.add_all([group, asked])
    watched = Watched(sessions.kw["bind"].pool)
    groups = Groups(sessions, watched, watched)  # type: ignore[arg-type]
    assert await groups.answer_one(Me(1, USERNAME))
    assert watched.held == [0, 0, 0]
    assert len(watched.written) == 1
