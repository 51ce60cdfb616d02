"""All processes of one Linli on one machine, by name: start, kill and restart them, on ports and data of their own.

`linli up` runs one of these; so do the tests that kill processes. There is no restart policy here.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import httpx

from linli.settings import Settings, hold_secrets
from operations.children import Child
from operations.database import check_database
from operations.demo_platforms import KIND, DemoPlatforms
from operations.display import Tell
from operations.embedded_postgres import EmbeddedPostgres
from operations.environment import settings_environment
from operations.keys import check_keys
from operations.model import bot_environment
from operations.places import BOT, ROOT, data_folder, log_folder
from operations.ports import bind, choose_port, port_of
from operations.problem import Problem
from operations.tables import upgrade_database

STOPPING_ORDER = ("web", "worker", "bot", KIND, "database")


class Deployment:
    """Processes `database`, `bot`, `web` (`web-2`, ...) and `worker`; a database or bot elsewhere is not among them.

    Where the settings ask for stand-ins of platforms there are `platform-wechat` and `platform-telegram` too.

    Ports that are 0 in the settings become free ones; `settings` then holds the real numbers.
    Use from the main thread: see operations/children.py.
    """

    def __init__(self, settings: Settings, *, durable: bool = True) -> None:
        """Bind the ports; raise Problem when one is taken. Nothing is started. `durable=False` only in tests."""
        self.public = bind(settings.host, settings.port, "LINLI_PORT")
        self.actions = bind("127.0.0.1", settings.actions_port, "LINLI_ACTIONS_PORT")
        self.logs = log_folder(settings.data_dir)
        self.database = None if settings.database_url else _embedded(settings, self.logs, durable=durable)
        self.platforms = DemoPlatforms.open(settings)
        held = hold_secrets(settings.model_copy(update={"data_dir": data_folder(settings.data_dir)}))
        self.settings = self.platforms.lead_there(held).model_copy(
            update={
                "database_url": self.database.url() if self.database else settings.database_url,
                "port": port_of(self.public),
                "actions_port": port_of(self.actions),
                "bot_port": settings.bot_port if settings.bot_url else _bot_port(settings),
            }
        )
        self._children: dict[str, Child] = {}
        self.add(*self.platforms.children(self.url, self.logs), *self._app_processes())

    def add(self, *children: Child) -> None:
        """Put processes under this roof."""
        self._children.update({child.name: child for child in children})

    def change(self, **settings: object) -> None:
        """Other settings than those it was made with, for the apps and the worker that start from now on."""
        self.settings = self.settings.model_copy(update=settings)
        self.add(*self._app_processes())

    def add_bot(self, model: Path) -> None:
        """Put Rasa with this model under this roof, unless LINLI_BOT_URL says that it runs elsewhere."""
        if not self.settings.bot_url:
            self.add(self._bot(model))

    def start_database(self) -> None:
        """Start the embedded database, or check the one that the settings name; then bring it up to date.

        Raises Problem also where a key is missing that sealed something there.
        """
        if self.database:
            self.add(self.database.start())
        check_database(self.settings.database_url)
        upgrade_database(self.settings.database_url)
        check_keys(self.settings.database_url, note=True)

    def start(self, *names: str) -> None:
        """Start processes; without names all that do not run yet. The database is waited for, the others are not."""
        for name in names or [name for name, child in self._children.items() if not child.alive]:
            if name == "database" and self.database:
                self.add(self.database.start())
            else:
                self._children[name].start()

    def kill(self, name: str) -> None:
        """End a process at once (SIGKILL), with all it has started."""
        self._children[name].kill()

    def restart(self, name: str) -> None:
        """Kill and start again."""
        self.kill(name)
        self.start(name)

    def stop(self) -> None:
        """Stop everything: web, worker, bot, database, each asked first and ended when it does not."""
        for kind in STOPPING_ORDER:
            for name, child in self._children.items():
                if name.split("-")[0] == kind:
                    child.stop()
        self.public.close()
        self.actions.close()
        self.platforms.close()

    def children(self) -> Mapping[str, Child]:
        """The processes by name."""
        return self._children

    def ended(self) -> Child | None:
        """A process that was started and has ended by itself."""
        return next((child for child in self._children.values() if child.ended_by_itself), None)

    def wait_ready(self, patience: float = 300.0, tell: Tell = lambda _: None) -> None:
        """Wait until database, bot and worker answer; raise Problem when a process ends, or they do not in time."""
        started, missing = time.monotonic(), "the app"
        while (waited := time.monotonic() - started) < patience:
            if (child := self.ended()) is not None:
                raise Problem(explain_end(child))
            tell(f"{waited:.0f} s, waiting for {missing}")
            if not (missing := self._find_missing()):
                return
            time.sleep(0.2)
        raise Problem(
            f"Linli was not ready within {patience:.0f} s, it waited for {missing}: look into the logs in {self.logs}."
        )

    def _find_missing(self) -> str:
        """What does not answer yet, as the app says; the app itself where it says nothing; empty when all is there."""
        try:
            answer = httpx.get(f"{self.url}/readyz", timeout=5.0)
        except httpx.HTTPError:
            return "the app"
        if answer.status_code == httpx.codes.OK:
            return ""
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            return "the app"
        parts: dict[str, str] = answer.json()
        return " and ".join(name for name, said in parts.items() if said != "ok")

    @property
    def url(self) -> str:
        """The public door as this machine reaches it."""
        host = "127.0.0.1" if self.settings.host in ("0.0.0.0", "::") else self.settings.host  # noqa: S104
        return f"http://{host}:{self.settings.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _app_processes(self) -> list[Child]:
        environment = settings_environment(self.settings)
        doors = {"LINLI_PUBLIC_FD": str(self.public.fileno()), "LINLI_ACTIONS_FD": str(self.actions.fileno())}
        fds = (self.public.fileno(), self.actions.fileno())
        names = ["web", *(f"web-{number}" for number in range(2, self.settings.processes + 1))]
        apps = [_python(name, "web", self.logs, environment | doors, fds) for name in names]
        return [*apps, _python("worker", "scheduler", self.logs, environment)]

    def _bot(self, model: Path) -> Child:
        command = [str(BOT / ".venv/bin/rasa"), "run", "--enable-api", "-i", "127.0.0.1"]
        command += ["-p", str(self.settings.bot_port), "-m", str(model)]
        command += ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
        door = {"LINLI_ACTIONS_URL": self.settings.actions_url}
        return Child("bot", command, self.logs / "bot.log", BOT, bot_environment() | door)


def explain_end(child: Child) -> str:
    """A sentence about a process that ended by itself, and the end of its log."""
    return f"{child.name} has ended by itself (exit code {child.exit_code}); the end of {child.log}:\n{child.tail()}"


def _embedded(settings: Settings, logs: Path, *, durable: bool) -> EmbeddedPostgres:
    return EmbeddedPostgres(
        data_folder(settings.data_dir) / "postgres", logs / "database.log", durable=durable
    )


def _bot_port(settings: Settings) -> int:
    return choose_port(settings.bot_port, "LINLI_BOT_PORT")


def _python(
    name: str, module: str, logs: Path, environment: Mapping[str, str], fds: tuple[int, ...] = ()
) -> Child:
    return Child(name, [sys.executable, "-m", module], logs / f"{name}.log", ROOT, environment, fds=fds)
