"""The real Rasa as a child process, asked over `POST /model/parse`; what comes back goes to `measures/`."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from operations.children import Child
from operations.deployment import explain_end
from operations.model import bot_environment
from operations.places import BOT
from operations.ports import choose_port
from operations.problem import Problem

RASA = BOT / ".venv" / "bin" / "rasa"
PATIENCE = 300.0
FALLBACKS = ("out_of_scope", "nlu_fallback")


@dataclass(frozen=True, slots=True)
class Parse:
    """What Rasa answered. `kind` and `urgency` are None where the answer has no `need`."""

    intent: str
    confidence: float
    kind: str | None
    kind_confidence: float
    urgency: str | None
    has_vector: bool
    seconds: float
    ours: float = 1.0
    """How sure the bot is that this is its business: what the ranking leaves beside out_of_scope."""

    @property
    def refused(self) -> bool:
        """True when the bot says that this is none of its business."""
        return self.intent in FALLBACKS


@dataclass(slots=True)
class Bot:
    """A running Rasa. Each text is asked once and remembered."""

    child: Child
    port: int
    _known: dict[str, Parse] = field(default_factory=dict)
    _line: http.client.HTTPConnection | None = None

    def parse(self, text: str) -> Parse:
        """What this text means to the bot."""
        if text not in self._known:
            self._known[text] = self.ask(text)
        return self._known[text]

    def ask(self, text: str) -> Parse:
        """The same, asked again each time."""
        started = time.perf_counter()
        answer = self._post(json.dumps({"text": text}).encode())
        return read_parse(answer, time.perf_counter() - started)

    def times(self) -> list[float]:
        """Seconds of every parse so far."""
        return [parse.seconds for parse in self._known.values()]

    def megabytes(self) -> float:
        """Resident memory of the process and its children."""
        process = psutil.Process(self.child.pid)
        return sum(p.memory_info().rss for p in (process, *process.children(recursive=True))) / 1e6

    def _post(self, body: bytes) -> Mapping[str, Any]:
        for again in (True, False):  # Rasa closes a line that was quiet for some seconds
            try:
                return self._post_once(body)
            except (http.client.HTTPException, ConnectionError) as error:
                self._line = None
                if not again:
                    raise Problem(f"Rasa did not answer ({error!r}); see {self.child.log}") from error
        raise AssertionError("not reached")

    def _post_once(self, body: bytes) -> Mapping[str, Any]:
        self._line = self._line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self._line.request("POST", "/model/parse", body, {"Content-Type": "application/json"})
        answer = self._line.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise Problem(f"Rasa answered {answer.status} to a parse; see {self.child.log}")
        read: Mapping[str, Any] = json.loads(content)
        return read


def read_parse(answer: Mapping[str, Any], seconds: float) -> Parse:
    """The answer of `POST /model/parse` with what may be missing in it."""
    intent, need = answer.get("intent") or {}, answer.get("need") or {}
    return Parse(
        intent=intent.get("name") or "nlu_fallback",
        confidence=float(intent.get("confidence") or 0.0),
        kind=need.get("kind"),
        kind_confidence=float(need.get("confidence") or 0.0),
        urgency=need.get("urgency"),
        has_vector=bool(answer.get("vector")),
        seconds=seconds,
        ours=1.0 - _strange(answer.get("intent_ranking") or [intent]),
    )


def _strange(ranking: Iterable[Mapping[str, Any]]) -> float:
    return sum(float(row.get("confidence") or 0.0) for row in ranking if row.get("name") in FALLBACKS)


@contextmanager
def running_bot(model: str, log: Path, project: Path = BOT) -> Iterator[Bot]:
    """Rasa with this model (a file or a folder, seen from `project`) at a free port, without database or app."""
    port = choose_port(0, "the port")
    command = [str(RASA), "run", "--enable-api", "-i", "127.0.0.1", "-p", str(port), "-m", model]
    child = Child("rasa", command, log, project, bot_environment())
    child.start()
    bot = Bot(child, port)
    try:
        _wait_until_loaded(bot)
        yield bot
    finally:
        child.stop()


def _wait_until_loaded(bot: Bot) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and bot.child.alive:
        status = _find_status(bot.port)
        if status == 200:
            return
        if status is not None:  # it listens only after it has tried to load
            raise Problem(f"Rasa could not load the model; see {bot.child.log}")
        time.sleep(0.2)
    raise Problem(explain_end(bot.child) if not bot.child.alive else f"Rasa does not answer at {bot.port}")


def _find_status(port: int) -> int | None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/status")
        return line.getresponse().status
    except OSError:
        return None
    finally:
        line.close()
