"""The platform slow, down, answering nonsense, refusing the token, cutting connections: nothing lost, nothing twice,
and whoever is not on Telegram does not notice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import func, select
from telegram.error import TelegramError

from channels.contract import Outcome, Outgoing
from channels.telegram import bot as line
from channels.telegram import listening
from channels.telegram.listening import Storing
from channels.telegram.service import TelegramService
from community.clock import now
from community.inbox.models import InboundMessage
from community.outbox.models import OutboxMessage, OutboxState
from community.outbox.usecases import enqueue_message
from linli.database import Sessions
from operations.platforms.telegram import people
from tests.cast import Cast
from tests.channels.conftest import until
from tests.channels.telegram.conftest import Platform
from tests.delivering import Delivery

Make = Callable[..., TelegramService]
WORDS = {"words": "下午来", "code": "", "name": ""}


@pytest.mark.parametrize("content", [b"[" * 200_000, b"", b"[]", b"7", b"\xff"])
def test_an_answer_that_makes_no_sense_is_an_error_of_the_platform(content: bytes) -> None:
    with pytest.raises(TelegramError):
        line.QuietRequest.parse_json_payload(content)


FAULTS: dict[str, dict[str, Any]] = {
    "down": {"down": True},
    "nonsense": {"garbage": True},
    "cut": {"drop": True},
    "slow": {"delay": 0.6},
    "no token": {"refuse_token": True},
}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second is too long for an answer."""
    monkeypatch.setattr(line, "ANSWER_SECONDS", 0.4)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The waits of production are too long for a test."""
    monkeypatch.setattr(listening, "PAUSES", (0.05,))
    monkeypatch.setattr(listening, "OPERATOR_PAUSE", 0.05)


async def stored(sessions: Sessions) -> int:
    async with sessions() as session:
        return (await session.scalar(select(func.count()).select_from(InboundMessage))) or 0


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", FAULTS)
async def test_what_people_say_meanwhile_arrives_once(
    platform: Platform, make_service: Make, sessions: Sessions, fault: str
) -> None:
    platform.state.faults.only = frozenset({"getupdates"})
    for name, value in FAULTS[fault].items():
        setattr(platform.state.faults, name, value)
    make_service()
    for number in range(3):
        await people.say(platform.state, people.meet(platform.state, 101), f"第{number}句")
    tried = len(platform.state.calls)

    async def asked_again() -> bool:
        return len([name for name, _ in platform.state.calls[tried:] if name == "getupdates"]) >= 2

    await until(asked_again)
    platform.state.faults = type(platform.state.faults)()

    async def confirmed() -> bool:
        return not platform.state.updates

    await until(confirmed)
    assert await stored(sessions) == 3


async def test_an_answer_of_the_platform_that_is_lost_is_asked_for_again(
    platform: Platform, make_service: Make, sessions: Sessions
) -> None:
    """The platform gave its updates and the connection broke: they are not confirmed, so they come again."""
    platform.state.faults.only, platform.state.faults.lose_answers = frozenset({"getupdates"}), True
    await people.say(platform.state, people.meet(platform.state, 101), "电梯坏了")
    make_service()

    async def asked() -> bool:
        return len([name for name, _ in platform.state.calls if name == "getupdates"]) >= 2

    await until(asked)
    assert await stored(sessions) == 0
    platform.state.faults.lose_answers = False

    async def here() -> bool:
        return await stored(sessions) == 1

    await until(here)


async def test_a_poisoned_update_stops_none_of_the_others(
    platform: Platform, make_service: Make, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = make_service(start=False)
    take_in = service.take_in

    async def breaks(value: dict[str, Any], besides: Storing | None = None) -> None:
        if value["message"]["text"] == "毒":
            raise RuntimeError("a bug of ours")
        await take_in(value, besides)

    monkeypatch.setattr(service._listening, "_take_in", breaks)
    wang = people.meet(platform.state, 101)
    for words in ("一", "毒", "二"):
        await people.say(platform.state, wang, words)
    service.start()

    async def confirmed() -> bool:
        return not platform.state.updates

    await until(confirmed)
    assert await stored(sessions) == 2


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", ["down", "cut", "slow"])
async def test_who_is_on_the_web_is_not_kept_waiting(
    platform: Platform,
    delivery: Delivery,
    sessions: Sessions,
    cast: Cast,
    make_service: Make,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A row to Telegram and one to the web are due; the web's is out while Telegram's is still tried."""
    service = make_service(start=False)
    await service.take_in(await people.say(platform.state, people.meet(platform.state, 101), "在吗"))
    for name, value in FAULTS[fault].items():
        setattr(platform.state.faults, name, value)
    async with sessions.begin() as session:
        telegram = (await session.scalars(select(InboundMessage.resident_id))).one()
        await enqueue_message(session, telegram, "staff_answer", "test:telegram", values=WORDS)
        await enqueue_message(session, cast.owner.resident_id, "staff_answer", "test:web", values=WORDS)

    async def state_of(purpose: str) -> OutboxState:
        async with sessions() as session:
            wanted = select(OutboxMessage.state).where(OutboxMessage.purpose == purpose)
            return (await session.scalars(wanted)).one()

    channel, web_was_out = delivery.find_channel("telegram"), asyncio.Event()
    assert channel is not None
    send = channel.send

    async def wait_and_send(batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        await web_was_out.wait()
        return await send(batch)

    monkeypatch.setattr(channel, "send", wait_and_send)
    work = asyncio.create_task(delivery.deliver_due(now()))

    async def web_is_out() -> bool:
        return await state_of("test:web") is OutboxState.SENT

    await until(web_is_out)
    web_was_out.set()
    await work
    assert await state_of("test:telegram") is not OutboxState.SENT


async def test_what_could_not_be_sent_goes_out_once_it_can(
    platform: Platform, delivery: Delivery, sessions: Sessions, make_service: Make
) -> None:
    """Down for a while: the row waits, and is shown once."""
    service = make_service(start=False)
    await service.take_in(await people.say(platform.state, people.meet(platform.state, 101), "在吗"))
    async with sessions.begin() as session:
        telegram = (await session.scalars(select(InboundMessage.resident_id))).one()
        await enqueue_message(session, telegram, "staff_answer", "test:telegram", values=WORDS)
    await platform.stop()
    await delivery.deliver_due(now())
    await platform.start()

    async def shown() -> bool:
        async with sessions.begin() as session:
            row = (
                await session.scalars(select(OutboxMessage).where(OutboxMessage.purpose == "test:telegram"))
            ).one()
            due = row.due_at
        await delivery.deliver_due(max(due, now()))
        return row.state is OutboxState.SENT

    await until(shown, 30)
    told = [row for row in platform.state.chats[101] if row["from"]["is_bot"]]
    assert len([row for row in told if "下午来" in row["text"]]) == 1
