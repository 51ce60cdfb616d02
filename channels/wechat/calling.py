"""One call of the platform's API over HTTP, with deadlines; what went wrong is one of three things. Next: api.py."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    FormData,
    StreamReader,
    TCPConnector,
)

CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 6.0
KEPT_SECONDS = 15.0
MOST_JSON = 1_000_000
_DOWN = (502, 503)


class CallFailed(Exception):
    """The platform did not do it."""


class Away(CallFailed):
    """Nobody answered, and nothing was taken."""


class Lost(CallFailed):
    """It was asked, and what became of it is not known."""


class Refused(CallFailed):
    """The platform refused, with its code. Nothing else of its answer is kept: it may quote what was sent."""

    def __init__(self, code: int) -> None:
        super().__init__(f"errcode {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the bytes, and of which type the platform says they are."""

    content: bytes
    media_type: str
    name: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The object in the answer. Raises Lost where there is none, Refused where it says so."""
        try:
            value = json.loads(self.content)
        except (ValueError, RecursionError):
            raise Lost("no JSON") from None
        if not isinstance(value, dict):
            raise Lost("no object")
        code = value.get("errcode", 0)
        if not isinstance(code, int):
            raise Lost("no number for an errcode")
        if code != 0:
            raise Refused(code)
        return value


class Line:
    """The connections of this process to the platform. Close it when the process ends."""

    def __init__(self, base: str, connections: int = 32) -> None:
        """Nothing connects before the first call."""
        self._base, self._connections = base, connections
        self._session: ClientSession | None = None

    async def post(self, path: str, body: Mapping[str, Any], **query: str) -> Answer:
        """Send JSON as UTF-8; the platform shows \\u escapes to people as they are. Raises CallFailed."""
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return await self._ask("POST", path, MOST_JSON, query, data=content, headers=headers)

    async def get(self, path: str, most: int = MOST_JSON, **query: str) -> Answer:
        """Read at most so many bytes. Raises CallFailed."""
        return await self._ask("GET", path, most, query)

    async def fetch(self, url: str, most: int) -> Answer:
        """Read at most so many bytes from an address that the platform named. Raises CallFailed."""
        return await self._ask("GET", url, most, {})

    async def upload(self, path: str, content: bytes, name: str, media_type: str, **query: str) -> Answer:
        """Send a file in the field `media`. Raises CallFailed."""
        form = FormData()
        form.add_field("media", content, filename=name, content_type=media_type)
        return await self._ask("POST", path, MOST_JSON, query, data=form)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session:
            await self._session.close()
            self._session = None

    async def _ask(
        self, method: str, path: str, most: int, query: Mapping[str, str], **options: Any
    ) -> Answer:
        """`query` may hold the token or the secret, so no error keeps the address."""
        try:
            async with self._kept().request(
                method, path, params=query, allow_redirects=False, **options
            ) as answer:
                content = await _read(answer.content, most)
                status, media_type = answer.status, answer.content_type
                named = answer.content_disposition
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise Away(type(error).__name__) from None
        except (ClientError, TimeoutError, ValueError) as error:
            raise Lost(type(error).__name__) from None
        if status != 200:
            raise (Away if status in _DOWN else Lost)(f"http {status}")
        return Answer(content, media_type, named.filename if named else None)

    def _kept(self) -> ClientSession:
        """Made in the loop that uses it. Redirects are not followed: the token would go with them."""
        if self._session is None:
            timeout = ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=ANSWER_SECONDS)
            connector = TCPConnector(limit=self._connections, keepalive_timeout=KEPT_SECONDS)
            self._session = ClientSession(self._base, connector=connector, timeout=timeout)
        return self._session


async def _read(stream: StreamReader, most: int) -> bytes:
    """At most so many bytes; more is given up before it fills the memory."""
    content = bytearray()
    async for part in stream.iter_chunked(64 * 1024):
        content += part
        if len(content) > most:
            raise ValueError("longer than it may be")
    return bytes(content)
