"""A platform's server that answers what the next expected call says; what it did not expect it remembers."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform answers; `drops` closes the connection instead."""

    value: Any = None
    status: int = 200
    drops: bool = False

    def as_bytes(self) -> bytes:
        """On the wire."""
        plain = isinstance(self.value, str)
        body = (self.value if plain else json.dumps(self.value, ensure_ascii=False)).encode()
        kind = "text/html" if plain else "application/json"
        return (
            f"HTTP/1.1 {self.status} x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )


@dataclass(frozen=True, slots=True)
class Call:
    """One call that the channel has to make: its path, and its whole body as JSON or form; None is any body."""

    path: str
    said: Json | None
    answer: Answer = field(default_factory=Answer)


class ScriptedPlatform:
    """On loopback. `anything` answers where nothing is expected, for tests that only look at what comes in."""

    def __init__(self) -> None:
        self.expected: deque[Call] = deque()
        self.surprises: list[str] = []
        self.anything: Answer | None = None
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server:
            self._server.close()
            for writer in self._writers:
                writer.transport.abort()

    @property
    def url(self) -> str:
        """Its address."""
        assert self._server
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def check_done(self) -> None:
        """Every expected call was made, and no other."""
        assert not self.surprises, self.surprises
        assert not self.expected, f"not called: {[call.path for call in self.expected]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                target, headers = _read_head(head)
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                answer = self._answer(urlsplit(target).path, body, headers.get("content-type", ""))
                if answer.drops:
                    break
                writer.write(answer.as_bytes())
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _answer(self, path: str, body: bytes, kind: str) -> Answer:
        if not self.expected:
            if self.anything is None:
                self.surprises.append(f"{path} {body[:300]!r}")
            return self.anything or Answer({}, 599)
        call = self.expected.popleft()
        said = _read_body(body, kind)
        if call.path != path or (call.said is not None and call.said != said):
            self.surprises.append(f"{path} {said!r} where {call.path} {call.said!r} was expected")
        return call.answer


def _read_head(head: bytes) -> tuple[str, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return first.split(" ")[1], {name.casefold(): value.strip() for name, _, value in pairs}


def _read_body(body: bytes, kind: str) -> Json:
    """JSON, or a form whose fields may be JSON."""
    if "json" in kind:
        value: Json = json.loads(body)
        return value
    return {name: _maybe_json(value) for name, value in parse_qsl(body.decode(), keep_blank_values=True)}


def _maybe_json(value: str) -> Any:  # noqa: ANN401
    try:
        return json.loads(value)
    except ValueError:
        return value
