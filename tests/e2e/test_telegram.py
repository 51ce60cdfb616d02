"""A need goes all the way round in Telegram, with real Rasa: reported, answered, rated; both ways updates come.

The app with its doors, the jobs of the worker and PostgreSQL are real; the platform is the one of this machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import pytest
import time_machine
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.actions.running import Tools as ActionTools
from community.actors import StaffActor
from community.clock import now
from community.inbox.models import InboundMessage
from community.needs.models import Need, NeedState
from community.needs.usecases.residents import ReportLimits
from community.needs.usecases.staff import accept_need, answer_resident, resolve_need
from community.outbox.models import OutboxMessage, OutboxState
from community.parties.models import PartyType
from linli.database import Sessions
from linli.settings import Settings
from operations.platforms.telegram import TOKEN, USERNAME, people
from operations.platforms.telegram.state import Person
from scheduler.jobs.deliver import deliver
from scheduler.jobs.surveys import surveys
from scheduler.tools import Tools, make_tools
from tests.cast import Cast
from tests.channels.conftest import until
from tests.channels.telegram.conftest import SECRET, Platform, platform
from tests.dialogue.conftest import WEDNESDAY_AT_TEN, _serving_actions, ports, rasa
from tests.web.conftest import serving
from web.internal import create_action_app

__all__ = ["platform", "ports", "rasa"]
pytestmark = [pytest.mark.e2e, pytest.mark.bot]
LIFT = "3号楼2单元的电梯坏了两天了，有老人下不了楼"
PATIENCE = 60.0


@dataclass
class Phone:
    """王阿姨's Telegram."""

    platform: Platform
    person: Person

    @property
    def shown(self) -> list[dict[str, Any]]:
        """What the bot wrote."""
        return [row for row in self.platform.state.chats[self.person.id] if row["from"]["is_bot"]]

    async def say(self, words: str) -> None:
        """Type and send."""
        await people.say(self.platform.state, self.person, words)

    async def tap(self, label: str) -> None:
        """Tap the newest button with this label."""
        message, data = self._find(label)
        await people.tap(self.platform.state, self.person, message, data)

    async def hears(self, words: str) -> None:
        """Wait until the bot has said this."""

        async def said() -> bool:
            return any(words in row.get("text", "") for row in self.shown)

        try:
            await until(said, PATIENCE)
        except TimeoutError:
            raise AssertionError(f"{words} was not said: {[row.get('text') for row in self.shown]}") from None

    def _find(self, label: str) -> tuple[int, str]:
        for row in reversed(self.shown):
            for line in row.get("reply_markup", {}).get("inline_keyboard", []):
                for button in line:
                    if button["text"] == label:
                        return row["message_id"], button["callback_data"]
        raise AssertionError(f"no button {label}")


@asynccontextmanager
async def working(tools: Tools) -> AsyncIterator[None]:
    """The worker's jobs that a need meets, again and again while inside."""

    async def work() -> None:
        while True:
            await surveys(tools, now())
            await deliver(tools, now())
            await asyncio.sleep(0.2)

    task = asyncio.create_task(work())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def linli(
    mode: Literal["polling", "webhook"],
    platform: Platform,
    rasa: str,
    ports: tuple[int, int],
    database_url: str,
    sessions: Sessions,
    folder: Path,
) -> AsyncIterator[None]:
    """Linli with Telegram on, while inside."""
    settings = Settings(
        _env_file=None,
        database_url=database_url,
        data_dir=folder,
        secret_key=SecretStr("of this test"),
        bot_url=rasa,
        database_pool=5,
        telegram_token=SecretStr(TOKEN),
        telegram_mode=mode,
        telegram_secret=SecretStr(SECRET),
        telegram_api_base=platform.url,
    )
    async with (
        serving(settings),
        _serving_actions(create_action_app(ActionTools(sessions, ReportLimits())), ports[1]),
        working(make_tools(settings, sessions)),
    ):
        yield


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_need_goes_round(
    mode: Literal["polling", "webhook"],
    platform: Platform,
    rasa: str,
    ports: tuple[int, int],
    database_url: str,
    sessions: Sessions,
    cast: Cast,
    tmp_path: Path,
) -> None:
    phone = Phone(platform, people.meet(platform.state, 101, "王阿姨"))
    manager = cast.here.staff[PartyType.PROPERTY_COMPANY]
    with time_machine.travel(WEDNESDAY_AT_TEN, tick=True):
        async with linli(mode, platform, rasa, ports, database_url, sessions, tmp_path):
            await people.start(platform.state, phone.person, cast.here.community.code)
            await phone.hears("我是邻里")
            await phone.say(LIFT)
            await phone.hears("这样报上去对吗")
            await phone.tap("对，报上去")
            await phone.hears("榕树社区物业负责")
            await _work_on_it(sessions, manager)
            await phone.hears("师傅下午三点到")
            await phone.hears("现在好了吗")
            await phone.tap("办好了")
            await phone.hears("1 到 5")
            await phone.say("5")
            await phone.hears("5 分")
            await _check_all_once(sessions, phone)
            await _ask_in_a_group(phone, cast.here.community.code)


async def _ask_in_a_group(phone: Phone, code: str) -> None:
    """The neighbours' group says where it is, and asks; what was reported before is no matter for it."""
    group = people.found_group(phone.platform.state, -1001)
    answers = phone.platform.state.chats[group.id]
    for number, words in enumerate(
        (f"/start@{USERNAME} {code}", f"@{USERNAME} 居委会几点下班", f"@{USERNAME} 我家电梯坏了"), 1
    ):
        await people.say_in_group(phone.platform.state, phone.person, group, words)

        async def answered(wanted: int = number) -> bool:
            return len([row for row in answers if row["from"]["is_bot"]]) == wanted

        await until(answered, PATIENCE)
    _, hours, lift = [row["text"] for row in answers if row["from"]["is_bot"]]
    assert "榕树社区" in hours
    assert "私聊" in lift


async def _work_on_it(sessions: Sessions, manager: StaffActor) -> None:
    async with sessions.begin() as session:
        need = (await session.scalars(select(Need))).one()
        await accept_need(session, manager, need.id)
        await answer_resident(
            session, manager, need.id, "师傅下午三点到，老人先别走楼梯。", request_id=uuid4()
        )
        await resolve_need(session, manager, need.id, "换了门机，试过能用了。", survey_at=now())


async def _check_all_once(sessions: Sessions, phone: Phone) -> None:
    """Every update stored once, every row sent and shown once, the need closed."""

    async def all_out() -> bool:
        async with sessions() as session:
            waiting = select(OutboxMessage.id).where(OutboxMessage.state != OutboxState.SENT)
            return (await session.scalars(waiting)).first() is None

    await until(all_out)
    async with sessions() as session:
        assert (await session.scalars(select(Need.state))).one() is NeedState.CLOSED
        assert await session.scalar(select(func.count()).select_from(InboundMessage)) == 5
        sent = await session.scalar(select(func.count()).select_from(OutboxMessage))
    assert len(phone.shown) == sent
