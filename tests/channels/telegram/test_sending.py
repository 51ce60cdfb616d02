"""What goes out by the Bot API, exactly, and what each answer of the platform means; no token is ever said."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image

from channels import working
from channels.contract import FetchFailed, Media, MediaRef, Outgoing
from channels.errors import SendError
from channels.telegram import bot as line
from channels.telegram.channel import TelegramChannel
from channels.telegram.service import TelegramService
from linli.file_store import write_file
from linli.settings import Settings
from operations.platforms.telegram import TOKEN, State, people
from operations.platforms.telegram.state import Person
from tests.channels.bot_stand_in import Answer, BotStandIn, echo
from tests.channels.conftest import until
from tests.channels.telegram.conftest import Platform

ME = 101
NEED = UUID("5f1e2a9e-8a54-4f0e-9a30-3d1a52f30a11")


def row(words: str = "在", person: int = ME, **more: Any) -> Outgoing:
    """An outbox row with these words."""
    known: dict[str, Any] = {
        "id": uuid4(),
        "address_id": uuid4(),
        "outside_id": str(person),
        "channel": "telegram",
        "message": "staff_answer",
        "values": {"words": words, "code": "", "name": ""},
        "buttons": (),
        "language": "zh",
        "zone": "Asia/Shanghai",
        "attempts": 1,
    }
    return Outgoing(**{**known, **more})


@pytest.fixture(autouse=True)
def wang(platform: Platform) -> Person:
    """Somebody who has begun to talk to the bot."""
    person = people.meet(platform.state, ME, "王阿姨")
    person.started = True
    return person


def shown(state: State, person: int = ME) -> list[dict[str, Any]]:
    return [message for message in state.chats[person] if message["from"]["is_bot"]]


def buttons(*labels: str) -> Sequence[Mapping[str, Any]]:
    return [{"label": label, "payload": f"/choose_{label}", "values": {}} for label in labels]


async def test_words_go_out_without_a_preview(platform: Platform, channel: TelegramChannel) -> None:
    (outcome,) = await channel.send([row("下午来修")])
    assert (outcome.error, outcome.outside_id) == (None, str(shown(platform.state)[0]["message_id"]))
    name, call = platform.state.calls[-1]
    assert name == "sendmessage"
    assert call["text"] == "下午来修"
    assert call["link_preview_options"] == '{"is_disabled": true}'
    assert "parse_mode" not in call


async def test_the_payload_of_a_button_stays_with_us(platform: Platform, channel: TelegramChannel) -> None:
    asked = row(buttons=buttons("button_menu_report", "button_menu_notices"))
    await channel.send([asked])
    keyboard = shown(platform.state)[0]["reply_markup"]["inline_keyboard"]
    data = [button["callback_data"] for line_of in keyboard for button in line_of]
    assert data == [f"{asked.id.hex}:0", f"{asked.id.hex}:1"]
    assert "choose" not in str(platform.state.calls)


async def test_long_words_come_in_pieces(platform: Platform, channel: TelegramChannel) -> None:
    (outcome,) = await channel.send([row("楼" * 5_000)])
    assert outcome.used == 2
    assert "".join(message["text"] for message in shown(platform.state)) == "楼" * 5_000


async def test_the_rest_of_long_words_waits_for_the_platform(
    platform: Platform, channel: TelegramChannel
) -> None:
    """The platform says "slowly" between two pieces: the first one is shown once."""
    platform.state.pace.burst = 1
    (outcome,) = await channel.send([row("楼" * 5_000)])
    assert (outcome.error, outcome.used) == (None, 2)
    assert len(shown(platform.state)) == 2


async def test_photos_and_documents_of_staff(
    platform: Platform, channel: TelegramChannel, settings: Settings
) -> None:
    photo, letter = uuid4(), uuid4()
    drawn = BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, "JPEG")
    write_file(settings.files_dir, photo, drawn.getvalue())
    write_file(settings.files_dir, letter, b"%PDF-1.4 a letter")
    files = [
        {"id": str(photo), "photo": True, "name": None},
        {"id": str(letter), "photo": False, "name": "通知.pdf"},
    ]
    (outcome,) = await channel.send([row(values={"words": "看", "code": "", "name": "", "files": files})])
    assert outcome.error is None
    text, picture, document = shown(platform.state)
    assert text["text"] == "看"
    assert picture["photo"]
    assert document["document"]["file_name"] == "通知.pdf"
    assert platform.state.files[document["document"]["file_id"]].content == b"%PDF-1.4 a letter"


async def test_a_page_is_a_button_below_the_words(platform: Platform, settings: Settings) -> None:
    channel = TelegramChannel(settings.model_copy(update={"public_url": "https://linli.example.org"}))
    await channel.send([row("修好了", resident_id=uuid4(), need_id=NEED)])
    (message,) = shown(platform.state)
    ((button,),) = message["reply_markup"]["inline_keyboard"]
    assert button["url"].startswith("https://linli.example.org/m/enter?t=")
    await channel.close()


async def _block(state: State) -> None:
    state.people[ME].blocked = True


async def _never_started(state: State) -> None:
    state.people[ME].started = False


async def _gone(state: State) -> None:
    del state.people[ME]


def _fault(**what: Any) -> Callable[[State], Any]:
    async def go_wrong(state: State) -> None:
        for name, value in what.items():
            setattr(state.faults, name, value)

    return go_wrong


async def _flood(state: State) -> None:
    state.pace.close(7)


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (_block, SendError.NOBODY_THERE),
        (_never_started, SendError.NOBODY_THERE),
        (_gone, SendError.NOBODY_THERE),
        (_fault(down=True), SendError.BUSY),
        (_fault(garbage=True), SendError.LOST_ANSWER),
        (_fault(drop=True), SendError.LOST_ANSWER),
        (_fault(lose_answers=True), SendError.LOST_ANSWER),
        (_fault(delay=1.0), SendError.LOST_ANSWER),
        (_fault(refuse_token=True), SendError.MISCONFIGURED),
        (_flood, SendError.RATE_LIMITED),
    ],
)
async def test_what_an_answer_means(
    platform: Platform,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    trouble: Callable[[State], Any],
    error: SendError,
) -> None:
    await trouble(platform.state)
    if platform.state.faults.delay:
        monkeypatch.setattr(line, "ANSWER_SECONDS", 0.3)
    caplog.set_level(logging.INFO, "channels")
    channel = TelegramChannel(settings)
    (outcome,) = await channel.send([row()])
    assert outcome.error is error
    assert bool(outcome.retry_after) == (error is SendError.RATE_LIMITED)
    told = capsys.readouterr()
    assert TOKEN not in caplog.text + told.out + told.err
    await channel.close()


async def test_a_platform_that_is_away_took_nothing(platform: Platform, channel: TelegramChannel) -> None:
    await platform.stop()
    (outcome,) = await channel.send([row()])
    assert outcome.error is SendError.UNREACHABLE
    await platform.start()
    assert (await channel.send([row()]))[0].error is None


async def test_what_the_platform_will_not_have_stops_nobody(
    platform: Platform, channel: TelegramChannel
) -> None:
    """A file of ours that is gone fails its row, whose words are shown once; the next row of the person goes out."""
    broken = {
        "words": "看",
        "code": "",
        "name": "",
        "files": [{"id": str(uuid4()), "photo": True, "name": None}],
    }
    first, second = await channel.send([row(values=broken), row("后面的")])
    assert (first.error, second.error) == (SendError.REFUSED, None)
    assert [message["text"] for message in shown(platform.state)] == ["看", "后面的"]


async def test_rows_behind_one_that_waits_wait_as_well(platform: Platform, channel: TelegramChannel) -> None:
    """Order holds for a person; others go on."""
    other = people.meet(platform.state, 102, "小陈")
    other.started = True
    platform.state.people[ME].blocked = True
    outcomes = await channel.send([row("一"), row("二"), row("三", person=102)])
    ends = [(outcome.error, outcome.tried) for outcome in outcomes]
    assert ends == [(SendError.NOBODY_THERE, True), (SendError.NOBODY_THERE, False), (None, True)]


async def test_after_a_429_nothing_of_the_batch_is_tried(
    platform: Platform, channel: TelegramChannel
) -> None:
    for number in range(200, 230):
        people.meet(platform.state, number).started = True
    platform.state.pace.close(5)
    outcomes = await channel.send([row(person=number) for number in range(200, 230)])
    assert {outcome.error for outcome in outcomes} == {SendError.RATE_LIMITED}
    assert len(platform.state.calls) <= 20


@pytest.mark.parametrize("down", [False, True])
async def test_a_slow_answer_is_announced(
    platform: Platform,
    make_service: Callable[..., TelegramService],
    bot: BotStandIn,
    monkeypatch: pytest.MonkeyPatch,
    *,
    down: bool,
) -> None:
    """The phone says that somebody is typing, once the bot takes its time; the answer comes without it too."""
    monkeypatch.setattr(working, "SOON", 0.05)
    platform.state.faults.only, platform.state.faults.down = frozenset({"sendchataction"}), down
    asked = asyncio.Event()

    async def slow(question: dict[str, Any]) -> Answer:
        await asked.wait()
        return await echo(question)

    bot.handler = slow
    make_service()
    await people.say(platform.state, people.meet(platform.state, 101), "在吗")

    async def announced() -> bool:
        return ("sendchataction", "typing") in [
            (name, call.get("action")) for name, call in platform.state.calls
        ]

    await until(announced)
    asked.set()

    async def answered() -> bool:
        return any(row["from"]["is_bot"] for row in platform.state.chats[101])

    await until(answered)


async def test_a_file_that_a_person_sent(platform: Platform, channel: TelegramChannel) -> None:
    stored = platform.state.keep_file(b"voice", "note.oga", "audio/ogg")
    fetched = await channel.fetch(MediaRef(Media.VOICE, stored.id), most_bytes=100)
    assert (fetched.content, fetched.media_type) == (b"voice", "audio/ogg")


@pytest.mark.parametrize(("most", "known", "again"), [(3, True, False), (100, False, False)])
async def test_a_file_that_cannot_be_had(
    platform: Platform, channel: TelegramChannel, most: int, known: bool, again: bool
) -> None:
    stored = platform.state.keep_file(b"voice", "note.oga", "audio/ogg")
    ref = MediaRef(Media.VOICE, stored.id if known else "nothing")
    with pytest.raises(FetchFailed) as failed:
        await channel.fetch(ref, most_bytes=most)
    assert failed.value.again is again


async def test_a_file_comes_later_where_the_platform_is_down(
    platform: Platform, channel: TelegramChannel
) -> None:
    platform.state.faults.down = True
    with pytest.raises(FetchFailed) as failed:
        await channel.fetch(MediaRef(Media.IMAGE, "x"), most_bytes=100)
    assert failed.value.again
