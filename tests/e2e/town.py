"""All of Linli, really running, for the end-to-end tests: two apps, worker, trained bot, a database that syncs.

conftest.py hands these fixtures to every test of the folder.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal

from linli.settings import Settings
from operations.deployment import Deployment
from operations.model import train_model
from operations.places import ROOT
from operations.sessions import run_with_sessions
from tests.cast import Cast, make_cast
from tests.channels.wechat.stand_in import platform_on_loopback
from tests.e2e.wechat_phone import WeChatPhones
from tests.free_ports import free_port

Announce = Callable[[str], None]
LOGS = ROOT / "var" / "e2e-log"
"""What the processes wrote in the last run."""


@dataclass(frozen=True)
class Town:
    """A running Linli and the cast in its database. Storms rage in `cast.there`; `cast.here` is for everybody else."""

    deployment: Deployment
    cast: Cast
    wechat: WeChatPhones
    start_seconds: float
    """What it took until everything answered on this machine."""

    @property
    def url(self) -> str:
        """The public door."""
        return self.deployment.url

    @property
    def database_url(self) -> str:
        """The database, for `run_with_sessions` and for counting."""
        return self.deployment.settings.database_url


@pytest.fixture(scope="session")
def wechat() -> Iterator[WeChatPhones]:
    """A WeChat in safe mode beside the town, and phones in it."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(platform_on_loopback()) as platform,
    ):
        yield WeChatPhones(portal, platform)


@pytest.fixture(scope="session")
def town(wechat: WeChatPhones) -> Iterator[Town]:
    """Everything started once for the whole run; a test that stops a part starts it again."""
    place = Path(tempfile.mkdtemp(prefix="linli-e2e-"))
    place.chmod(0o755)
    settings = Settings(
        _env_file=None,
        data_dir=place,
        port=0,
        actions_port=0,
        bot_port=free_port(),
        processes=2,
        second_factor=False,
        database_pool=5,
        survey_delay_minutes=0,
        new_people_per_hour=100_000,
        **wechat.platform.settings(),
    )
    with Deployment(settings) as deployment:
        deployment.start_database()
        with ThreadPoolExecutor(1) as aside:  # Playwright may have an event loop of its own in this thread
            cast = aside.submit(run_with_sessions, deployment.settings.database_url, make_cast).result()
        deployment.add_bot(_own_model(deployment))
        began = time.monotonic()
        deployment.start()
        deployment.wait_ready(patience=900)
        took = time.monotonic() - began
        wechat.platform.account.callback = f"{deployment.url}/channels/wechat"
        yield Town(deployment, cast, wechat, took)
    shutil.rmtree(LOGS, ignore_errors=True)
    shutil.copytree(deployment.logs, LOGS)
    shutil.rmtree(place)


@pytest.fixture(scope="session")
def deployment(town: Town) -> Deployment:
    """The running processes by name, to be killed and started again."""
    return town.deployment


@pytest.fixture
def announce(capfd: pytest.CaptureFixture[str]) -> Announce:
    """Say a line on the terminal, also when the test passes."""

    def say(line: str) -> None:
        with capfd.disabled():
            sys.stdout.write(f"\n{line}\n")

    return say


def _own_model(deployment: Deployment) -> Path:
    """A copy of the newest model: the next training removes the one that it replaces."""
    model = train_model(deployment.logs / "train.log", print)
    return Path(shutil.copy(model, deployment.settings.data_dir))
