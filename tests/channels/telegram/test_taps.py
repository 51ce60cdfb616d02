"""Taps: the payload comes from our row, each question takes one answer, and every tap is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from channels.telegram.service import TelegramService
from community.inbox.models import InboundMessage, InboundState
from linli.database import Sessions
from operations.platforms.telegram import people
from operations.platforms.telegram.state import Person, Query
from tests.channels.bot_stand_in import Answer, BotStandIn
from tests.channels.conftest import until
from tests.channels.telegram.conftest import Platform

NOBODYS = "0123456789abcdef0123456789abcdef"
Make = Callable[..., TelegramService]


async def ask(question: dict[str, Any]) -> Answer:
    """Two buttons under everything that is no payload."""
    if question["text"].startswith("/"):
        return 200, {
            "messages": [{"message": "notices_none", "values": {"community": {"zh": "锦园", "en": "J"}}}]
        }
    buttons = [
        {"label": "button_menu_report", "payload": "/report_need"},
        {"label": "button_menu_notices", "payload": "/ack_notice"},
        {"label": "button_call", "payload": "tel:120", "values": {"number": "120"}},
    ]
    return 200, {"messages": [{"message": "bot_away", "buttons": buttons}]}


class Phone:
    """One person's phone: what is shown, and what a tap is answered."""

    def __init__(self, platform: Platform, person: Person) -> None:
        self.platform, self.person = platform, person

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The messages of the bot."""
        return [row for row in self.platform.state.chats[self.person.id] if row["from"]["is_bot"]]

    def buttons(self) -> list[dict[str, Any]]:
        """The buttons under the first message."""
        rows = self.shown[0].get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    async def tap(self, data: str) -> dict[str, Any]:
        """Tap, and wait for the answer."""
        query = await people.tap(self.platform.state, self.person, self.shown[0]["message_id"], data)

        async def answered() -> bool:
            return query.answer is not None

        await until(answered)
        return query.answer or {}

    async def has(self, buttons: int) -> None:
        """Wait until so many buttons are left."""

        async def so_many() -> bool:
            return len(self.buttons()) == buttons

        await until(so_many)


@pytest.fixture
async def phone(platform: Platform, make_service: Make, bot: BotStandIn) -> Phone:
    """A phone on which the bot has asked something."""
    bot.handler = ask
    make_service()
    phone = Phone(platform, people.meet(platform.state, 101, "王阿姨"))
    await people.say(platform.state, phone.person, "在吗")

    async def asked() -> bool:
        return bool(phone.shown)

    await until(asked)
    return phone


async def is_all_handled(sessions: Sessions) -> bool:
    """Whether nothing waits for its turn, or is in it."""
    async with sessions() as session:
        waits = InboundMessage.state == InboundState.WAITING
        return (await session.scalars(select(InboundMessage.id).where(waits))).first() is None


async def test_a_tap_is_its_payload_and_the_keyboard_goes(
    phone: Phone, bot: BotStandIn, sessions: Sessions
) -> None:
    first = phone.buttons()[0]["callback_data"]
    answer = await phone.tap(first)
    assert answer["text"] == f"已选：{'我要反映'}" or answer["text"].startswith("已选：")
    await phone.has(0)

    await until(lambda: is_all_handled(sessions))
    assert bot.asked == ["在吗", "/report_need"]


async def test_an_answered_keyboard_says_so(phone: Phone, bot: BotStandIn, sessions: Sessions) -> None:
    first = phone.buttons()[0]["callback_data"]
    await phone.tap(first)
    again = await phone.tap(first)
    assert again["text"].startswith("这个已经选过了：")
    await until(lambda: is_all_handled(sessions))
    assert bot.asked.count("/report_need") == 1


async def test_two_taps_at_once_count_once(phone: Phone, bot: BotStandIn, sessions: Sessions) -> None:
    first = phone.buttons()[0]["callback_data"]
    answers = await asyncio.gather(*(phone.tap(first) for _ in range(4)))
    assert sorted(answer["text"][:3] for answer in answers) == ["已选：", "这个已", "这个已", "这个已"]
    await until(lambda: is_all_handled(sessions))
    assert bot.asked.count("/report_need") == 1


async def test_got_it_leaves_the_other_buttons(phone: Phone) -> None:
    got_it = phone.buttons()[1]["callback_data"]
    await phone.tap(got_it)
    await phone.has(1)
    answer = await phone.tap(phone.buttons()[0]["callback_data"])
    assert answer["text"].startswith("已选：")


async def test_a_number_to_call_is_in_the_words(phone: Phone) -> None:
    assert len(phone.buttons()) == 2
    assert "120" in phone.shown[0]["text"]


@pytest.mark.parametrize("data", [f"{NOBODYS}:0", "nonsense", "/report_need", f"{NOBODYS}:99"])
async def test_a_button_that_is_none_of_ours_says_that_it_is_over(
    phone: Phone, bot: BotStandIn, data: str
) -> None:
    answer = await phone.tap(data)
    assert "按钮" in answer["text"]
    assert bot.asked == ["在吗"]


async def test_nobody_taps_what_was_sent_to_somebody_else(
    phone: Phone, platform: Platform, bot: BotStandIn
) -> None:
    chen = people.meet(platform.state, 102, "小陈")
    chen.started = True
    data = phone.buttons()[0]["callback_data"]
    platform.state.chats[chen.id].append(phone.shown[0])  # as if it had been forwarded with its buttons
    query: Query = await people.tap(platform.state, chen, phone.shown[0]["message_id"], data)

    async def answered() -> bool:
        return query.answer is not None

    await until(answered)
    assert "按钮" in (query.answer or {})["text"]
    assert bot.asked == ["在吗"]


async def test_a_tap_that_comes_again_is_answered_as_it_was(
    phone: Phone, platform: Platform, make_service: Make, sessions: Sessions, bot: BotStandIn
) -> None:
    """The platform brings an update again whose answer was lost."""
    data = phone.buttons()[0]["callback_data"]
    service = make_service(start=False)
    said = {"message_id": phone.shown[0]["message_id"], "chat": phone.person.as_chat(), "date": 1}
    query = {"id": "q1", "from": phone.person.as_user(), "message": said, "chat_instance": "1", "data": data}
    platform.state.queries["q1"] = Query("q1", 101, said["message_id"])
    for _ in range(2):
        await service.take_in({"update_id": 1, "callback_query": query})

    async def told() -> bool:
        return "/report_need" in bot.asked and platform.state.queries["q1"].answer is not None

    await until(told)
    assert (platform.state.queries["q1"].answer or {})["text"].startswith("已选：")
    await until(lambda: is_all_handled(sessions))
    assert bot.asked.count("/report_need") == 1
