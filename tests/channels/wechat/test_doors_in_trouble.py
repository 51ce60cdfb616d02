"""What the two platforms' doors answer where something of ours is in trouble: come again, and nothing is lost by it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select, text

from community.inbox.models import InboundMessage
from linli.database import Sessions, make_engine
from linli.settings import Settings
from operations.platforms.telegram import TOKEN
from tests.channels.bot_stand_in import BotStandIn
from tests.channels.conftest import until
from tests.channels.telegram.payloads import UPDATES
from tests.channels.wechat.stand_in import Platform
from tests.web.conftest import serving

SECRET = "secret_of_the_door_0"
TROUBLES = {
    "statement timeout": "57014",
    "lock timeout": "55P03",
    "deadlock": "40P01",
    "serialization": "40001",
    "disk full": "53100",
    "out of memory": "53200",
    "too many connections": "53300",
    "shutting down": "57P01",
    "starting up": "57P03",
    "disk broken": "58030",
    "only reads, after a failover": "25006",
    "idle in a transaction": "25P03",
    "the person became one with another": "23503",
    "another process wrote the same": "23505",
}
RAISES = """
    CREATE FUNCTION in_trouble() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'in trouble' USING ERRCODE = '{code}'; END $$
"""
CUTS = """
    CREATE FUNCTION in_trouble() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$
"""
TRIGGER = (
    "CREATE TRIGGER in_trouble BEFORE INSERT ON inbound_messages FOR EACH ROW EXECUTE FUNCTION in_trouble()"
)
GOOD_AGAIN = "DROP FUNCTION in_trouble CASCADE"

Knock = Callable[[], Awaitable[httpx.Response]]


@dataclass(frozen=True, slots=True)
class Doors:
    """A running app with both doors, and the same message of a person at each, as often as it is knocked."""

    wechat: Knock
    telegram: Knock

    async def knock(self) -> list[httpx.Response]:
        """At both at once."""
        return list(await asyncio.gather(self.wechat(), self.telegram()))


@pytest.fixture
def both(wechat_settings: Settings, bot: BotStandIn) -> Settings:
    """Settings of an app with both doors; nobody answers its calls of Telegram."""
    return wechat_settings.model_copy(
        update={
            "bot_url": bot.url,
            "database_pool": 2,
            "telegram_token": SecretStr(TOKEN),
            "telegram_secret": SecretStr(SECRET),
            "telegram_mode": "webhook",
            "telegram_api_base": "http://127.0.0.1:1",
        }
    )


@pytest.fixture
async def line() -> AsyncIterator[httpx.AsyncClient]:
    """A client."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        yield client


def doors_at(address: str, platform: Platform, line: httpx.AsyncClient) -> Doors:
    """What is said at both."""
    fields = {
        "ToUserName": platform.account.original_id,
        "FromUserName": "oPerson",
        "CreateTime": "1780000000",
        "MsgType": "text",
        "MsgId": "7",
        "Content": "电梯坏了",
    }

    async def wechat() -> httpx.Response:
        query, body = platform.pusher.sealed(fields)
        return await line.post(f"{address}/channels/wechat", params=query, content=body)

    async def telegram() -> httpx.Response:
        said = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        return await line.post(f"{address}/channels/telegram", json=UPDATES["words"], headers=said)

    return Doors(wechat, telegram)


async def change(sessions: Sessions, *statements: str) -> None:
    """Change the database."""
    async with sessions.begin() as session:
        for statement in statements:
            await session.execute(text(statement))


async def stored(sessions: Sessions) -> list[str]:
    """The channels of what is stored."""
    async with sessions() as session:
        return sorted((await session.scalars(select(InboundMessage.channel))).all())


def check_come_again(answers: list[httpx.Response]) -> None:
    """Nothing was taken, and nothing of the inside is said."""
    assert [answer.status_code for answer in answers] == [503, 503]
    assert all(answer.headers["Retry-After"] for answer in answers)
    assert all("trouble" not in answer.text and "inbound" not in answer.text for answer in answers)


@pytest.mark.parametrize(
    "making", [*(RAISES.format(code=code) for code in TROUBLES.values()), CUTS], ids=[*TROUBLES, "cut"]
)
async def test_while_the_database_is_in_trouble_a_message_is_to_come_again_and_does(
    both: Settings, platform: Platform, line: httpx.AsyncClient, sessions: Sessions, making: str
) -> None:
    async with serving(both) as address:
        doors = doors_at(address, platform, line)
        await change(sessions, making, TRIGGER)
        check_come_again(await doors.knock())
        await change(sessions, GOOD_AGAIN)
        assert await stored(sessions) == []
        assert [answer.status_code for answer in await doors.knock()] == [200, 200]
    assert await stored(sessions) == ["telegram", "wechat"]


async def test_where_no_connection_gets_free_a_message_is_to_come_again(
    both: Settings,
    platform: Platform,
    line: httpx.AsyncClient,
    sessions: Sessions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("web.parts.make_engine", partial(make_engine, wait=2.0))
    async with serving(both) as address:
        doors = doors_at(address, platform, line)
        async with sessions.begin() as session:
            await session.execute(text("LOCK TABLE addresses"))
            first = asyncio.gather(*(doors.knock() for _ in range(2)))
            await until(lambda: waiting(sessions, 2))
            check_come_again(await doors.knock())
        statuses = {answer.status_code for answers in await first for answer in answers}
        assert statuses <= {200, 503}


async def test_a_request_in_work_when_the_app_is_stopped_is_to_come_again(
    both: Settings, platform: Platform, line: httpx.AsyncClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await session.execute(text("LOCK TABLE addresses"))
        async with serving(both) as address:
            knocked = asyncio.create_task(doors_at(address, platform, line).knock())
            await until(lambda: waiting(sessions, 2))
        check_come_again(await knocked)


async def waiting(sessions: Sessions, many: int) -> bool:
    """Whether so many wait for a lock."""
    async with sessions() as session:
        found = await session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
    return (found or 0) >= many
