"""What people send beside words: pictures are fetched and kept once, a voice is asked to write, the rest is said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select, update

from channels.telegram import albums
from channels.telegram.service import TelegramService
from community.clock import now
from community.files.models import File
from community.inbox.models import InboundMessage
from community.residents.models import Resident
from linli.database import Sessions
from linli.file_store import read_file
from linli.settings import Settings
from operations.platforms.telegram import people
from scheduler.jobs.deliver import deliver
from scheduler.tools import make_tools
from tests.channels.bot_stand_in import BotStandIn
from tests.channels.conftest import until
from tests.channels.telegram.conftest import Platform
from tests.channels.telegram.payloads import UPDATES

Make = Callable[..., TelegramService]


def picture() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "green").save(drawn, "JPEG")
    return drawn.getvalue()


async def told(platform: Platform, words: str) -> None:
    """Wait until the bot has said this to the person."""

    async def said() -> bool:
        return any(words in row.get("text", "") for row in platform.state.chats[101] if row["from"]["is_bot"])

    await until(said)


async def test_a_photo_with_words_is_kept_with_them(
    platform: Platform, make_service: Make, sessions: Sessions, settings: Settings, bot: BotStandIn
) -> None:
    make_service()
    await people.send_photo(platform.state, people.meet(platform.state, 101), picture(), "楼道里的杂物")

    async def asked() -> bool:
        return bot.asked == ["楼道里的杂物"]

    await until(asked)
    async with sessions() as session:
        (kept,) = (await session.scalars(select(InboundMessage.files))).one()
        file = (await session.scalars(select(File))).one()
    assert str(file.id) == kept
    assert Image.open(BytesIO(read_file(settings.files_dir, file.id))).size == (40, 30)
    assert [name for name, _ in platform.state.calls].count("getfile") == 1


async def test_an_album_is_one_message(
    platform: Platform,
    make_service: Make,
    sessions: Sessions,
    bot: BotStandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(albums, "SETTLES", timedelta(minutes=1))
    service, other = make_service(start=False), make_service(start=False)
    wang = people.meet(platform.state, 101)
    parts = [
        await people.send_photo(platform.state, wang, picture(), caption, album="13579")
        for caption in ("楼道里的杂物", "", "")
    ]
    await asyncio.gather(*(each.take_in(part) for part in parts for each in (service, other)))
    async with sessions.begin() as session:
        await session.execute(update(InboundMessage).values(due_at=now()))
    await service.take_in(await people.say(platform.state, wang, "在三楼"))

    async def asked() -> bool:
        return bot.asked == ["楼道里的杂物", "在三楼"]

    await until(asked)
    async with sessions() as session:
        kept = (await session.scalars(select(InboundMessage.files).order_by(InboundMessage.id))).all()
    assert [len(files) for files in kept] == [3, 0]


async def test_a_picture_that_comes_after_its_album_is_a_message_of_its_own(
    platform: Platform, make_service: Make, sessions: Sessions, bot: BotStandIn
) -> None:
    service = make_service(start=False)
    wang = people.meet(platform.state, 101)
    await service.take_in(await people.send_photo(platform.state, wang, picture(), "一", album="1"))

    async def asked(words: list[str]) -> bool:
        return bot.asked == words

    await until(lambda: asked(["一"]))
    late = await people.send_photo(platform.state, wang, picture(), "二", album="1")
    await service.take_in(late)
    await service.take_in(late)
    await until(lambda: asked(["一", "二"]))


async def test_a_photo_that_comes_late_is_not_lost(
    platform: Platform, make_service: Make, bot: BotStandIn
) -> None:
    platform.state.faults.down, platform.state.faults.only = True, frozenset({"getfile"})
    make_service()
    await people.send_photo(platform.state, people.meet(platform.state, 101), picture())

    async def tried() -> bool:
        return any(name == "getfile" for name, _ in platform.state.calls)

    await until(tried)
    platform.state.faults.down = False

    async def asked() -> bool:
        return len(bot.asked) == 1

    await until(asked, 30)


async def test_a_voice_is_asked_to_write(platform: Platform, make_service: Make) -> None:
    make_service()
    note = platform.state.keep_file(b"OggS", "note.oga", "audio/ogg")
    voice = {"file_id": note.id, "file_unique_id": "x", "duration": 3, "mime_type": "audio/ogg"}
    await people.send(platform.state, people.meet(platform.state, 101), {"voice": voice})
    await told(platform, "字")


async def test_the_own_phone_is_said_as_words(
    platform: Platform, make_service: Make, bot: BotStandIn
) -> None:
    make_service()
    await people.share_phone(platform.state, people.meet(platform.state, 101))

    async def asked() -> bool:
        return bot.asked == ["我的电话是 13912345678"]

    await until(asked)


@pytest.mark.parametrize(
    ("name", "words"),
    [("somebody's phone", "别人的电话"), ("a poll", "看不了"), ("changed late", "以前的话")],
)
async def test_what_cannot_be_taken_in_is_said_once(
    platform: Platform,
    make_service: Make,
    settings: Settings,
    sessions: Sessions,
    name: str,
    words: str,
) -> None:
    service = make_service(start=False)
    wang = people.meet(platform.state, 101)
    wang.started = True
    update: dict[str, Any] = {**UPDATES[name]}
    kind = next(key for key in update if key != "update_id")
    update[kind] = {**update[kind], "from": wang.as_user(), "chat": wang.as_chat()}
    for _ in range(2):
        await service.take_in(update)
    tools = make_tools(settings, sessions)

    async def said() -> bool:
        await deliver(tools, now())
        return any(words in row.get("text", "") for row in platform.state.chats[101])

    await until(said)
    assert len(platform.state.chats[101]) == 1
    async with sessions() as session:
        assert (await session.scalars(select(Resident.phone))).one() is None
    await tools.delivery.close()


async def test_who_sends_too_much_is_told_and_nothing_breaks(
    platform: Platform, make_service: Make, settings: Settings, sessions: Sessions
) -> None:
    service = make_service(settings.model_copy(update={"messages_per_minute": 3}), start=False)
    wang = people.meet(platform.state, 101)
    for number in range(6):
        await service.take_in(await people.say(platform.state, wang, f"第{number}句"))
    async with sessions() as session:
        assert len((await session.scalars(select(InboundMessage.id))).all()) == 3
    tools = make_tools(settings, sessions)

    async def said() -> bool:
        await deliver(tools, now())
        return any("发得有点多了" in row["text"] for row in platform.state.chats[101])

    await until(said)
    await tools.delivery.close()
