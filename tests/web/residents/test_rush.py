"""Two hundred people tap "join" at once on ten places, and four app processes take their taps."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from community.clock import now
from community.residents.usecases import Known
from community.signups.models import SignUp, SignUpState
from linli.database import Sessions
from linli.settings import Settings
from operations.model import bot_environment
from operations.ports import choose_port
from tests.cast import Cast
from tests.community.activities.plans import get_places, make_plan, meet, publish
from tests.web.residents.conftest import cookie_of

pytestmark = pytest.mark.soak

PROCESSES, PEOPLE, PLACES = 4, 200, 10
PATIENCE = 180  # four processes start at once


@pytest.fixture
def doors(settings: Settings, database_url: str) -> Iterator[list[str]]:
    """The addresses of four app processes on this test's database."""
    ports = [choose_port(0, "LINLI_PORT") for _ in range(PROCESSES)]
    processes = [_start(settings, database_url, port) for port in ports]
    addresses = [f"http://127.0.0.1:{port}" for port in ports]
    for process, address in zip(processes, addresses, strict=True):
        _wait_for(process, address)
    yield addresses
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(PATIENCE)


def _start(settings: Settings, database_url: str, port: int) -> subprocess.Popen[bytes]:
    own = {
        "LINLI_DATABASE_URL": database_url,
        "LINLI_DATA_DIR": str(settings.data_dir),
        "LINLI_SECRET_KEY": settings.secret_key.get_secret_value(),
        "LINLI_BOT_URL": settings.bot_url,
        "LINLI_PORT": str(port),
        "LINLI_ACTIONS_PORT": str(choose_port(0, "LINLI_ACTIONS_PORT")),
        "LINLI_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "LINLI_LOG_LEVEL": "ERROR",
    }
    root = Path(__file__).parents[3]
    return subprocess.Popen([sys.executable, "-m", "web"], cwd=root, env=bot_environment() | own)


def _wait_for(process: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, "an app process ended"
        try:
            httpx.get(f"{address}/healthz", trust_env=False).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")


@pytest.fixture
async def phone() -> AsyncIterator[httpx.AsyncClient]:
    """What everybody taps on."""
    limits = httpx.Limits(max_connections=PEOPLE)
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False, limits=limits) as client:
        yield client


async def test_two_hundred_at_once_on_ten_places(
    sessions: Sessions, cast: Cast, settings: Settings, doors: list[str], phone: httpx.AsyncClient
) -> None:
    """Ten are in, 190 wait with numbers from 1 to 190 in the order in which the database took them."""
    shift_id = await publish(sessions, cast, make_plan(now() + timedelta(hours=30), volunteers=PLACES))
    people = await meet(sessions, cast, PEOPLE)
    cookies = [await cookie_of(sessions, settings, Known(uuid4(), person)) for person in people]

    async def tap(index: int) -> httpx.Response:
        door = doors[index % PROCESSES]
        [(name, value)] = cookies[index].items()
        headers = {"X-Linli": "1", "Origin": door, "Cookie": f"{name}={value}"}
        path = f"{door}/api/activities/{shift_id}/sign-ups"
        return await phone.post(path, json={"request_id": str(uuid4())}, headers=headers)

    answers = await asyncio.gather(*(tap(index) for index in range(PEOPLE)))
    assert {answer.status_code for answer in answers} == {201}, answers[0].text
    told = [answer.json() for answer in answers]
    assert sum(each["state"] == "signed_up" for each in told) == PLACES
    await _check_stored(sessions, shift_id)


async def _check_stored(sessions: Sessions, shift_id: UUID) -> None:
    async with sessions() as session:
        rows = (await session.scalars(select(SignUp).order_by(SignUp.created_at))).all()
        places = await get_places(session, shift_id)
    waiting = [row.number for row in rows if row.state is SignUpState.WAITING]
    assert waiting == list(range(1, PEOPLE - PLACES + 1)), "numbers follow the order of arrival"
    assert (places.taken, places.waiting, places.last_number) == (PLACES, len(waiting), len(waiting))
