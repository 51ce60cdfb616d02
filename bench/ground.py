"""Where a bench happens: a Linli of its own on free ports, with the demo's people, on a PostgreSQL that syncs."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx

from linli.database import Sessions
from linli.settings import Settings
from operations.children import Child
from operations.demo import DemoAccounts, load_demo
from operations.deployment import Deployment, explain_end
from operations.places import ROOT
from operations.problem import Problem
from operations.sessions import run_with_sessions

KEPT = ROOT / "var" / "bench"


@contextmanager
def ground(**settings: Any) -> Iterator[Deployment]:
    """A Linli whose database runs and holds the demo; the caller starts the other processes it wants.

    The address of the load client counts as a proxy's, so that everybody comes from an address of their own: the
    limits stay on, and nobody is over them.
    """
    place = _make_place()
    deployment = Deployment(_settings(data_dir=place, **settings))
    try:
        deployment.start_database()
        run_with_sessions(deployment.settings.database_url, lambda sessions: _load(sessions, place))
        yield deployment
    finally:
        deployment.stop()
        if deployment.database:
            shutil.rmtree(deployment.database.home, ignore_errors=True)
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def beside(child: Child, url: str) -> Iterator[None]:
    """A process that is no part of Linli; inside it runs and answers at `url`."""
    child.start()
    try:
        wait_for(child, url)
        yield
    finally:
        child.stop()


def wait_for(child: Child, url: str, patience: float = 300.0) -> None:
    """Wait until the process answers at `url`, whatever it says; raise Problem when it ends or does not."""
    end = time.monotonic() + patience
    while time.monotonic() < end and child.alive:
        try:
            httpx.get(url, timeout=2.0)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise Problem(explain_end(child) if not child.alive else f"{child.name} does not answer at {url}")


def _make_place() -> Path:
    """A folder on the disk where Linli's own data lie (a temporary one may be memory), open to the database's user."""
    KEPT.mkdir(parents=True, exist_ok=True)
    place = Path(mkdtemp(prefix="run-", dir=KEPT))
    place.chmod(0o755)
    return place


def _settings(**settings: Any) -> Settings:
    """The settings as they come, whatever the environment of the caller says."""
    for name in [name for name in os.environ if name.startswith("LINLI_")]:
        del os.environ[name]
    ports = {"port": 0, "actions_port": 0, "bot_port": 0}
    return Settings(
        _env_file=None, secret_key="bench", trusted_proxies=("127.0.0.1/32",), **(ports | settings)
    )


async def _load(sessions: Sessions, place: Path) -> DemoAccounts:
    return await load_demo(sessions, secret_dir=place)
