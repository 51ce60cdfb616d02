"""The other side of `round`: Rasa's starter project as `rasa init` leaves it, with its REST channel and no database.

Taken from the installed Rasa, trained once for each version of it, run by the same environment as our bot.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Self

from bench.client import Http
from bench.ground import KEPT
from operations.children import Child
from operations.model import bot_environment
from operations.places import BOT
from operations.problem import Problem

RASA = BOT / ".venv/bin/rasa"
MODEL = "starter"


def prepare_starter() -> Path:
    """The folder of the trained project; made where this version of Rasa has none yet (a minute)."""
    project = KEPT / f"starter-{_version()}"
    if not project.exists():
        fresh = project.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(_packages() / "rasa/cli/initial_project", fresh)
        _train(fresh)
        fresh.rename(project)
    return project


def starter_bot(project: Path, port: int, log: Path) -> Child:
    """The process that answers at `port`."""
    command = [str(RASA), "run", "-i", "127.0.0.1", "-p", str(port), "-m", f"models/{MODEL}.tar.gz"]
    command += ["--credentials", "credentials.yml", "--endpoints", "endpoints.yml"]
    return Child("starter", command, log, project, bot_environment())


class Caller:
    """A person at the REST channel."""

    def __init__(self, port: int, number: int) -> None:
        self._http = Http(port)
        self._name = f"bench-{number}"

    async def open(self) -> Self:
        """Connect."""
        await self._http.open()
        return self

    async def close(self) -> None:
        """Disconnect."""
        await self._http.close()

    async def say(self, words: str) -> float:
        """Post words; seconds until they are answered. Rasa answers with nothing where it has nothing to say."""
        started = time.perf_counter()
        await self._http.post("/webhooks/rest/webhook", {"sender": self._name, "message": words})
        return time.perf_counter() - started


def _train(project: Path) -> None:
    command = [str(RASA), "train", "--fixed-model-name", MODEL]
    training = Child("training", command, project / "train.log", project, bot_environment())
    training.start()
    try:
        while training.alive:
            time.sleep(0.5)
    finally:
        training.kill()
    if training.exit_code != 0:
        raise Problem(
            f"Rasa's starter project was not trained; the end of {training.log}:\n{training.tail()}"
        )


def _packages() -> Path:
    return next((BOT / ".venv/lib").glob("python3*/site-packages"))


def _version() -> str:
    found = next(_packages().glob("rasa-[0-9]*.dist-info"))
    return found.name.removeprefix("rasa-").removesuffix(".dist-info")
