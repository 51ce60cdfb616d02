"""The load client of the benches: HTTP/1.1 over one kept connection, and the chat as a browser would use it.

Small on purpose: what the client costs is part of every figure, and the usual clients cost more than what is measured.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Self
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect

from bench.talk import COMMUNITY, language_of


class NotAnswered(Exception):
    """An answer that is not 200, or none at all: a figure with failures in it says nothing."""


class Http:
    """One connection to one server, one request at a time."""

    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        self._port = port
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def open(self) -> Self:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def close(self) -> None:
        """Disconnect."""
        self._writer.close()
        await self._writer.wait_closed()

    async def get(self, path: str) -> dict[str, str]:
        """The headers of the answer, names in lower case."""
        headers, _ = await self._ask("GET", path, b"", "")
        return headers

    async def post(self, path: str, value: object, more: str = "") -> bytes:
        """Post JSON; the body of the answer. `more` are header lines of this request alone."""
        _, content = await self._ask("POST", path, json.dumps(value).encode(), more)
        return content

    async def _ask(self, method: str, path: str, body: bytes, more: str) -> tuple[dict[str, str], bytes]:
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{self._headers}{more}"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode() + body)
        status, headers = _read_head(await self._reader.readuntil(b"\r\n\r\n"))
        content = await self._reader.readexactly(int(headers["content-length"]))
        if status != "200":
            raise NotAnswered(f"{method} {path}: {status} {content[:200].decode(errors='replace')}")
        return headers, content


class Browser:
    """A person with the chat page open: a cookie, a connection to post with, and the live line."""

    def __init__(self, port: int, number: int) -> None:
        self._port = port
        self.headers = {
            "X-Linli": "1",
            "X-Forwarded-For": address_of(number),
            "Accept-Language": language_of(number),
        }
        self._http = Http(port, self.headers)
        self._live: ClientConnection

    async def open(self) -> Self:
        """Look at the page, as everybody does first, and open the live line."""
        await self._http.open()
        answer = await self._http.get(f"/chat?c={COMMUNITY}")
        self.headers["Cookie"] = answer["set-cookie"].split(";")[0]
        await self._http.close()
        self._http = await Http(self._port, self.headers).open()
        url = f"ws://127.0.0.1:{self._port}/chat/live"
        self._live = await connect(url, additional_headers=self.headers, proxy=None)
        return self

    async def close(self) -> None:
        """Close the page."""
        await self._live.close()
        await self._http.close()

    async def say(self, words: str, patience: float = 30.0) -> float:
        """Post words; seconds from there until the answer has come over the live line."""
        async with asyncio.timeout(patience):
            started = time.perf_counter()
            answer = await self._http.post("/chat/messages", {"id": str(uuid4()), "text": words})
            await self._live.send("look")  # as the page does: the first message makes a visitor known
            await self._hear(after=json.loads(answer)["seq"])
            return time.perf_counter() - started

    async def _hear(self, after: int) -> None:
        """Until a bubble of Linli stands below line `after` of the thread."""
        while True:
            told = json.loads(await self._live.recv())
            items = told.get("items", ())
            if any(item["seq"] > after and item["from"] != "me" for item in items):
                return


def address_of(number: int) -> str:
    """Everybody has an address of their own, as behind a proxy: the limits stay on and nobody is over them."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _read_head(head: bytes) -> tuple[str, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return first.split(" ")[1], {name.lower(): value.strip() for name, _, value in pairs}
