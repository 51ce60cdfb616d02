"""Dialogues against the trained Rasa, the app's action door and PostgreSQL. Rasa starts once for all of them."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest
import time_machine
import uvicorn

from bot.actions.running import Tools
from community.needs.usecases.residents import ReportLimits
from linli.database import Sessions
from operations.embedded_postgres import ROLE, SUPERUSER, EmbeddedPostgres
from operations.model import bot_environment, train_model
from operations.places import BOT
from tests.cast import Cast
from tests.dialogue.talk import Talk
from web.internal import create_action_app

TRACKERS = "dialogue_trackers"
START_SECONDS = 60
WEDNESDAY_AT_TEN = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # the office is open


@pytest.fixture(scope="session")
def ports() -> tuple[int, int]:
    """A free port for Rasa and one for the action door."""
    with closing(socket.socket()) as rasa, closing(socket.socket()) as actions:
        rasa.bind(("127.0.0.1", 0))
        actions.bind(("127.0.0.1", 0))
        return rasa.getsockname()[1], actions.getsockname()[1]


@pytest.fixture(scope="session")
def rasa(
    postgres: EmbeddedPostgres,
    template_database: str,
    ports: tuple[int, int],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Address of a running Rasa with the model of the bot's files as they are now."""
    folder = tmp_path_factory.mktemp("rasa")
    model = train_model(folder / "training.log", lambda _: None)
    with psycopg.connect(postgres.url("postgres", SUPERUSER), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TRACKERS} TEMPLATE {template_database} OWNER {ROLE}")
    addresses = {
        "LINLI_DATABASE_URL": postgres.url(TRACKERS),
        "LINLI_ACTIONS_URL": f"http://127.0.0.1:{ports[1]}/webhook",
    }
    command = [str(BOT / ".venv/bin/rasa"), "run", "--enable-api", "-i", "127.0.0.1", "-p", str(ports[0])]
    with (folder / "rasa.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "-m", str(model)], cwd=BOT, env=bot_environment() | addresses, stdout=log, stderr=log
        )
        try:
            url = f"http://127.0.0.1:{ports[0]}"
            _wait_for(url, process, folder / "rasa.log")
            yield url
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture
async def talk(rasa: str, ports: tuple[int, int], sessions: Sessions, cast: Cast) -> AsyncIterator[Talk]:
    """Plays dialogues of the cast's owner in this test's database."""
    app = create_action_app(Tools(sessions, ReportLimits()))
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=ports[1], log_config=None, lifespan="off")
    )
    serving = asyncio.create_task(server.serve())
    await _until_started(server)
    async with httpx.AsyncClient(base_url=rasa, timeout=20, trust_env=False) as client:
        with time_machine.travel(WEDNESDAY_AT_TEN, tick=True):
            yield Talk(client, sessions, cast)
    server.should_exit = True
    await serving


async def _until_started(server: uvicorn.Server) -> None:
    while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
        await asyncio.sleep(0.01)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{url}/status", trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.3)
    raise AssertionError(f"Rasa did not start:\n{log.read_text()[-3000:]}")
