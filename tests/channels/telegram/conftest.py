"""What tests of Telegram share: the stand-in on a free port, and an app's service and channel that talk to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette

from channels.bot_client import BotClient
from channels.media import MediaKeeper
from channels.telegram.channel import TelegramChannel
from channels.telegram.service import TelegramService
from channels.turns import TurnRunner
from channels.web.channel import WebChannel
from linli.database import Sessions
from linli.settings import Settings
from operations.platforms.telegram import TOKEN, State, make_app
from operations.ports import bind
from tests.channels.bot_stand_in import BotStandIn
from tests.delivering import Delivery
from tests.free_ports import free_port

SECRET = "secret_of_the_door_0"


@dataclass
class Platform:
    """The stand-in as it runs. `stop` and `start` are the platform going down and coming back, with all it knew."""

    app: Starlette
    port: int = field(default_factory=free_port)
    _server: uvicorn.Server | None = None
    _task: asyncio.Task[None] | None = None

    @property
    def state(self) -> State:
        """What it knows."""
        state: State = self.app.state.platform
        return state

    @property
    def url(self) -> str:
        """The base of its API."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pushed(self) -> list[tuple[int, int]]:
        """What was pushed to the webhook: number and status."""
        pushed: list[tuple[int, int]] = self.app.state.pusher.pushed
        return pushed

    async def start(self) -> None:
        """Answer, on the same port as before after a stop."""
        door = bind("127.0.0.1", self.port, "LINLI_PORT")
        config = uvicorn.Config(self.app, log_config=None, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._server.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
        self._task = asyncio.create_task(self._server.serve([door]))
        while not self._server.started:  # noqa: ASYNC110  (uvicorn has no event for it)
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Be away."""
        async with self.state.changed:
            self.state.poller += 1  # who asks for updates is let go
            self.state.changed.notify_all()
        if self._server and self._task:
            self._server.should_exit = True
            await self._task


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    """A Telegram of this test."""
    platform = Platform(make_app())
    await platform.start()
    yield platform
    await platform.stop()


@pytest.fixture
def settings(database_url: str, platform: Platform, tmp_path: Path) -> Settings:
    """Settings of an app that asks for updates."""
    return Settings(
        _env_file=None,
        database_url=database_url,
        data_dir=tmp_path,
        secret_key=SecretStr("of this test"),
        telegram_token=SecretStr(TOKEN),
        telegram_secret=SecretStr(SECRET),
        telegram_api_base=platform.url,
    )


@pytest.fixture
async def channel(settings: Settings) -> AsyncIterator[TelegramChannel]:
    """The channel of this test's bot."""
    channel = TelegramChannel(settings)
    yield channel
    await channel.close()


@pytest.fixture
def delivery(sessions: Sessions, channel: TelegramChannel) -> Delivery:
    """Delivery on the web and by Telegram."""
    return Delivery(
        sessions, {"web": WebChannel(sessions), "telegram": channel}, hold_after=timedelta(hours=24)
    )


@pytest.fixture
async def make_service(
    settings: Settings, sessions: Sessions, bot: BotStandIn, delivery: Delivery
) -> AsyncIterator[Callable[..., TelegramService]]:
    """Start services, each with its own turns, as many app processes would; `settings` may be others."""
    services: list[TelegramService] = []
    runners: list[TurnRunner] = []
    brains: list[BotClient] = []

    def make(own: Settings = settings, *, start: bool = True) -> TelegramService:
        brains.append(BotClient(bot.url, timeout=30.0))
        runners.append(TurnRunner(sessions, brains[-1], delivery, media=MediaKeeper(sessions, own.files_dir)))
        services.append(TelegramService(own, sessions, brains[-1], runners[-1].wake))
        runners[-1].start()
        if start:
            services[-1].start()
        return services[-1]

    yield make
    for service in services:
        await service.stop()
    for runner in runners:
        await runner.stop()
    for brain in brains:
        await brain.close()
