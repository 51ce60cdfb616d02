"""Dialogues against the trained Rasa, the app's action door and PostgreSQL. Rasa starts once for all of them."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import time_machine
import uvicorn
from pydantic import SecretStr
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.actions.running import Tools
from community.needs.usecases.residents import ReportLimits
from linli.database import Sessions
from linli.settings import Settings
from operations.model import bot_environment, train_model
from operations.places import BOT
from scheduler.tools import make_tools
from tests.cast import Cast
from tests.dialogue.chat import Chat
from tests.dialogue.talk import Talk
from tests.free_ports import free_port
from tests.web.conftest import serving
from web.internal import create_action_app

START_SECONDS = 600  # machines of tests are busy
WEDNESDAY_AT_TEN = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # the office is open


@pytest.fixture(scope="session")
def ports() -> tuple[int, int]:
    """A port for Rasa and one for the action door."""
    return free_port(), free_port()


@pytest.fixture(scope="session")
def rasa(ports: tuple[int, int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running Rasa with the model of the bot's files as they are now."""
    folder = tmp_path_factory.mktemp("rasa")
    model = train_model(folder / "training.log", lambda _: None)
    command = [str(BOT / ".venv/bin/rasa"), "run", "--enable-api", "-i", "127.0.0.1", "-p", str(ports[0])]
    environment = bot_environment() | {"LINLI_ACTIONS_URL": f"http://127.0.0.1:{ports[1]}/webhook"}
    with (folder / "rasa.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "-m", str(model)], cwd=BOT, env=environment, stdout=log, stderr=log
        )
        try:
            url = f"http://127.0.0.1:{ports[0]}"
            wait_for_rasa(url, process, folder / "rasa.log")
            yield url
        finally:
            process.terminate()
            process.wait(60)


class Breakable:
    """An app that can be told to answer with a status alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._status: int | None = None

    def answer_with(self, status: int | None) -> None:
        """Answer with this status from now on; None mends it."""
        self._status = status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        broken = None if self._status is None else JSONResponse({}, self._status)
        await (broken or self._app)(scope, receive, send)


@pytest.fixture
async def talk(rasa: str, ports: tuple[int, int], sessions: Sessions, cast: Cast) -> AsyncIterator[Talk]:
    """Plays dialogues of the cast's owner in this test's database."""
    app = Breakable(create_action_app(Tools(sessions, ReportLimits())))
    async with (
        _serving_actions(app, ports[1]),
        httpx.AsyncClient(base_url=rasa, timeout=60, trust_env=False) as client,
    ):
        with time_machine.travel(WEDNESDAY_AT_TEN, tick=True):
            yield Talk(client, sessions, cast, break_actions=app.answer_with)


@pytest.fixture
async def chat(
    rasa: str, ports: tuple[int, int], database_url: str, sessions: Sessions, cast: Cast, tmp_path: Path
) -> AsyncIterator[Chat]:
    """A visitor of the web chat: the app with its real doors, Rasa behind it, this test's database."""
    settings = Settings(
        _env_file=None,
        database_url=database_url,
        data_dir=tmp_path,
        secret_key=SecretStr("of this test"),
        bot_url=rasa,
        database_pool=5,
        messages_per_minute=100_000,
    )
    with time_machine.travel(WEDNESDAY_AT_TEN, tick=True) as clock:
        async with (
            serving(settings) as address,
            _serving_actions(create_action_app(Tools(sessions, ReportLimits())), ports[1]),
            httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) as client,
        ):
            client.headers.update({"X-Linli": "1", "Origin": address})
            yield Chat(client, sessions, cast, make_tools(settings, sessions), clock.shift)


@asynccontextmanager
async def _serving_actions(app: ASGIApp, port: int) -> AsyncIterator[None]:
    """The action door while inside."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, lifespan="off"))
    server.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
    task = asyncio.create_task(server.serve())
    await _until_started(server)
    yield
    server.should_exit = True
    await task


async def _until_started(server: uvicorn.Server) -> None:
    while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
        await asyncio.sleep(0.01)


def wait_for_rasa(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it answers; its log where it does not."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{url}/status", trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.3)
    raise AssertionError(f"Rasa did not start:\n{log.read_text()[-3000:]}")
