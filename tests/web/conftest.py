"""What tests of the doors share: the real app on a free port with a real database, a stand-in for the bot, browsers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from linli.settings import Settings
from operations.ports import bind, port_of
from tests.channels.bot_stand_in import Answer, BotStandIn
from web.live_line import LiveLine
from web.parts import make_parts
from web.public import create_app

Visit = Callable[..., Awaitable[httpx.AsyncClient]]


async def ask_back(question: dict[str, Any]) -> Answer:
    """A bubble with two buttons; the values of the words are of no matter here."""
    buttons = [{"label": "button_gone", "payload": "/affirm"}, {"label": "photo_gone", "payload": "/deny"}]
    return 200, {"messages": [{"message": "bot_away", "buttons": buttons}]}


@pytest.fixture
async def bot() -> AsyncIterator[BotStandIn]:
    """A bot that answers everything with one bubble and two buttons."""
    stand_in = BotStandIn(ask_back)
    await stand_in.start()
    yield stand_in
    await stand_in.stop()


@pytest.fixture
def settings(database_url: str, bot: BotStandIn, tmp_path: Path) -> Settings:
    """Settings of an app on this test's database; tests change them with `model_copy`."""
    return Settings(
        _env_file=None,
        database_url=database_url,
        data_dir=tmp_path,
        secret_key=SecretStr("of this test"),
        bot_url=bot.url,
        database_pool=5,
    )


@asynccontextmanager
async def serving(settings: Settings, port: int = 0) -> AsyncIterator[str]:
    """The public app on this port (0: a free one) while inside; gives its address."""
    door = bind("127.0.0.1", port, "LINLI_PORT")
    address = f"http://127.0.0.1:{port_of(door)}"
    app: FastAPI = create_app(make_parts(settings.model_copy(update={"port": port_of(door)})))
    config = uvicorn.Config(app, log_config=None, ws=LiveLine, timeout_graceful_shutdown=1)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup([door])  # without `serve`, which looks ten times a second whether it is to end
    yield address
    await server.shutdown([door])


@pytest.fixture
async def address(settings: Settings) -> AsyncIterator[str]:
    """The app of this test."""
    async with serving(settings) as address:
        yield address


@pytest.fixture
async def visit(address: str) -> AsyncIterator[Visit]:
    """Make browsers: clients with a cookie jar that have opened the chat, and what its script sends along."""
    opened: list[httpx.AsyncClient] = []

    async def make(path: str = "/chat", **headers: str) -> httpx.AsyncClient:
        own = {"X-Linli": "1", "Origin": address} | headers
        opened.append(httpx.AsyncClient(base_url=address, headers=own, trust_env=False))
        assert (await opened[-1].get(path)).status_code == 200
        return opened[-1]

    yield make
    for client in opened:
        await client.aclose()


async def say(client: httpx.AsyncClient, text: str, message_id: str | None = None) -> httpx.Response:
    """Send words as the page does."""
    return await client.post("/chat/messages", json={"id": message_id or str(uuid4()), "text": text})


async def thread(client: httpx.AsyncClient, at_least: int = 0) -> list[dict[str, Any]]:
    """The items of the thread, as soon as there are at least so many."""
    async with asyncio.timeout(30):
        while True:
            items: list[dict[str, Any]] = (await client.get("/chat/thread")).json()["items"]
            if len(items) >= at_least:
                return items
            await asyncio.sleep(0.05)
