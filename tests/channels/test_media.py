"""Pictures, voices, files and places that come by a platform: fetched and stored once, or asked for kindly again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from errno import ENOSPC
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from channels.bot_client import BotClient
from channels.contract import Fetched, Incoming, Location, Media, MediaRef
from channels.delivery import Delivery
from channels.media import MediaKeeper
from channels.turns import TurnRunner
from community.clock import now
from community.files.models import File
from community.inbox.models import InboundMessage, InboundState
from community.inbox.usecases import claim_next
from community.needs.usecases.residents import Report, report_need
from community.outbox.models import OutboxMessage
from community.residents.usecases import choose_community
from linli.database import Sessions
from linli.file_store import read_file
from tests.cast import Cast
from tests.channels.bot_stand_in import BotStandIn
from tests.channels.conftest import until
from tests.channels.platform_stand_in import Platform, come

pytestmark = pytest.mark.usefixtures("cast")


def _picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def platform() -> Platform:
    """A platform that keeps a picture and a video."""
    made = Platform()
    made.media["photo"] = Fetched(_picture(), "image/png")
    made.media["video"] = Fetched(b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 20, "video/mp4")
    made.media["broken"] = Fetched(b"<html>busy</html>", "image/jpeg")
    return made


@pytest.fixture
async def runner(
    sessions: Sessions, bot: BotStandIn, platform: Platform, tmp_path: Path
) -> AsyncIterator[TurnRunner]:
    """Turns of people on the platform."""
    client = BotClient(bot.url, timeout=30.0)
    delivery = Delivery(sessions, {platform.name: platform}, hold_after=timedelta(hours=24))
    made = TurnRunner(sessions, client, delivery, media=MediaKeeper(sessions, tmp_path))
    made.start()
    yield made
    await made.stop()
    await client.close()


async def _say(
    sessions: Sessions, runner: TurnRunner, *media: MediaRef, words: str = "", place: Location | None = None
) -> None:
    incoming = Incoming("platform", "o1", "m1", words, media=media, location=place)
    runner.wake((await come(sessions, incoming)).known.resident_id)
    await until(lambda: _is_handled(sessions))


async def _is_handled(sessions: Sessions) -> bool:
    async with sessions.begin() as session:
        await session.execute(update(InboundMessage).values(due_at=now()))  # no waiting for the next try
        states = (await session.scalars(select(InboundMessage.state))).all()
    return all(state is InboundState.HANDLED for state in states)


async def _told(sessions: Sessions) -> list[str]:
    async with sessions() as session:
        return list((await session.scalars(select(OutboxMessage.message).order_by(OutboxMessage.seq))).all())


async def test_a_picture_is_stored_once_before_the_bot_is_asked(
    sessions: Sessions, runner: TurnRunner, bot: BotStandIn, tmp_path: Path
) -> None:
    await _say(sessions, runner, MediaRef(Media.IMAGE, "photo"), MediaRef(Media.VIDEO, "video"), words="漏水")
    async with sessions() as session:
        files = (await session.scalars(select(File).order_by(File.created_at, File.media_type))).all()
        message = (await session.scalars(select(InboundMessage))).one()
        [sealed] = (await session.execute(text("SELECT media IS NULL FROM inbound_messages"))).one()
    assert sorted(file.media_type for file in files) == ["image/jpeg", "video/mp4"]
    assert sorted(message.files) == sorted(str(file.id) for file in files)
    assert sealed
    assert all(read_file(tmp_path, file.id) for file in files)
    assert bot.asked == ["漏水"]


async def test_a_platform_that_fails_is_asked_again(
    sessions: Sessions, runner: TurnRunner, platform: Platform, bot: BotStandIn
) -> None:
    photo = platform.media.pop("photo")
    arrived = await come(
        sessions, Incoming("platform", "o1", "m1", "", media=[MediaRef(Media.IMAGE, "photo")])
    )
    runner.wake(arrived.known.resident_id)

    async def was_tried() -> bool:
        async with sessions() as session:
            return await session.scalar(select(InboundMessage.tries)) == 1

    await until(was_tried)
    assert not bot.asked
    platform.media["photo"] = photo
    await until(lambda: _is_handled(sessions))
    assert platform.fetched == ["photo", "photo"]
    assert bot.asked == ["/send_photo"]


@pytest.mark.parametrize("medium", ["gone", "broken", "never"])
async def test_what_cannot_be_had_is_asked_for_kindly(
    sessions: Sessions, runner: TurnRunner, platform: Platform, bot: BotStandIn, medium: str
) -> None:
    await _say(sessions, runner, MediaRef(Media.IMAGE, medium))
    assert await _told(sessions) == ["media_send_again"]

    async def was_told() -> bool:
        return platform.told == [("o1", "media_send_again")]

    await until(was_told)
    assert platform.fetched == [medium] * (3 if medium == "never" else 1)
    assert not bot.asked


async def _say_then(sessions: Sessions, runner: TurnRunner, words: str) -> None:
    """A picture, and words behind it."""
    await come(sessions, Incoming("platform", "o1", "m1", "", media=[MediaRef(Media.IMAGE, "photo")]))
    arrived = await come(sessions, Incoming("platform", "o1", "m2", words))
    runner.wake(arrived.known.resident_id)


async def test_a_full_disk_keeps_no_words_back(
    sessions: Sessions, runner: TurnRunner, bot: BotStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr("channels.media.store_file", full)
    await _say_then(sessions, runner, "着火了")
    await until(lambda: _is_handled(sessions))
    assert await _told(sessions) == ["media_send_again", "staff_answer"]
    assert bot.asked == ["着火了"]


async def test_what_breaks_a_turn_is_put_on_the_list_and_the_next_words_are_answered(
    sessions: Sessions, runner: TurnRunner, bot: BotStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("channels.media.make_photo", broken)
    await _say_then(sessions, runner, "着火了")

    async def are_done() -> bool:
        async with sessions.begin() as session:
            await session.execute(update(InboundMessage).values(due_at=now()))
            states = await session.scalars(select(InboundMessage.state).order_by(InboundMessage.id))
        return list(states) == [InboundState.STUCK, InboundState.HANDLED]

    await until(are_done)
    assert bot.asked == ["着火了"]


class Unsure:
    """Sessions that commit and do not live to hear of it."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """A transaction."""
        async with self._sessions.begin() as session:
            yield session
        raise asyncio.CancelledError


async def test_a_file_stays_where_nobody_heard_whether_its_row_was_committed(
    sessions: Sessions, platform: Platform, tmp_path: Path
) -> None:
    photo = MediaRef(Media.IMAGE, "photo")
    arrived = await come(sessions, Incoming("platform", "o1", "m1", "", media=[photo]))
    async with sessions.begin() as session:
        waiting = await claim_next(session, arrived.known.resident_id, "process:1")
    assert waiting is not None
    keeper = MediaKeeper(Unsure(sessions), tmp_path)  # type: ignore[arg-type]
    with pytest.raises(asyncio.CancelledError):
        await keeper.gather(waiting, platform)
    async with sessions() as session:
        [file] = (await session.scalars(select(File))).all()
    assert read_file(tmp_path, file.id)


async def test_the_words_beside_a_lost_picture_are_answered(
    sessions: Sessions, runner: TurnRunner, bot: BotStandIn
) -> None:
    await _say(sessions, runner, MediaRef(Media.IMAGE, "gone"), words="水管漏了")
    assert await _told(sessions) == ["media_send_again", "staff_answer"]
    assert bot.asked == ["水管漏了"]


async def test_a_voice_without_words_is_asked_to_be_written(
    sessions: Sessions, runner: TurnRunner, bot: BotStandIn
) -> None:
    await _say(sessions, runner, MediaRef(Media.VOICE, "voice"))
    assert await _told(sessions) == ["voice_please_write"]
    assert not bot.asked


async def test_a_voice_that_the_platform_wrote_down_is_words(
    sessions: Sessions, runner: TurnRunner, bot: BotStandIn
) -> None:
    await _say(sessions, runner, MediaRef(Media.VOICE, "voice"), words="电梯坏了")
    assert bot.asked == ["电梯坏了"]


async def test_a_place_with_a_name_is_told_to_the_bot_and_one_without_is_asked_for(
    sessions: Sessions, runner: TurnRunner, bot: BotStandIn
) -> None:
    await _say(sessions, runner, place=Location(31.2304, 121.4737, "阳光社区3号楼2单元"))
    assert bot.asked == ["阳光社区3号楼2单元"]
    async with sessions() as session:
        kept = (await session.scalars(select(InboundMessage.location))).one()
        [raw] = (await session.execute(text("SELECT location #>> '{}' FROM inbound_messages"))).one()
    assert kept == {"latitude": 31.2304, "longitude": 121.4737, "label": "阳光社区3号楼2单元"}
    assert "31.23" not in raw
    arrived = await come(sessions, Incoming("platform", "o1", "m2", "", location=Location(31.0, 121.0)))
    runner.wake(arrived.known.resident_id)
    await until(lambda: _is_handled(sessions))
    assert (await _told(sessions))[-1] == "location_in_words"
    assert len(bot.asked) == 1


async def test_a_platform_that_hangs_holds_up_no_other_person(
    sessions: Sessions, runner: TurnRunner, platform: Platform, bot: BotStandIn, cast: Cast
) -> None:
    platform.gate = asyncio.Event()
    for number in range(20):  # more than turns are taken side by side
        arrived = await come(sessions, Incoming("platform", f"o{number}", f"m{number}", f"第{number}"))
        runner.wake(arrived.known.resident_id)

    async def all_asked() -> bool:
        return len(bot.asked) == 20

    await until(all_asked)
    platform.gate.set()
    await until(lambda: _is_handled(sessions))


async def test_where_the_person_stood_goes_with_the_words_for_the_place(
    sessions: Sessions, runner: TurnRunner, cast: Cast
) -> None:
    await _say(sessions, runner, place=Location(31.2304, 121.4737, "阳光社区门口"))
    async with sessions.begin() as session:
        message = (await session.scalars(select(InboundMessage))).one()
        await choose_community(session, message.resident_id, cast.here.community.id)
        report = Report(kind="other", words="井盖没了", place_words="小区门口")
        need = await report_need(session, message.resident_id, report, message_id=message.id)
        later = await report_need(
            session,
            message.resident_id,
            replace(report, words="又没了"),
            message_id=message.id + 1,
            at=now() + timedelta(hours=1),
        )
    assert need.place_words == "小区门口 (31.23040, 121.47370)"
    assert later.place_words == "小区门口"
