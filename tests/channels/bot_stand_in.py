"""A server on loopback in Rasa's place, for what a real one cannot be asked to do: fail, hang, be away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from tests.free_ports import free_port

Answer = tuple[int, Any]
Handler = Callable[[dict[str, Any]], Awaitable[Answer]]
CALM = {"intent": {"name": "greet"}, "need": {"urgency": "normal"}}


async def echo(question: dict[str, Any]) -> Answer:
    """Answer each message with one bubble that repeats it; a photo comes without words."""
    words = question.get("text", "")
    return 200, {
        "messages": [{"message": "staff_answer", "values": {"words": words, "code": "", "name": ""}}]
    }


class BotStandIn:
    """`handler` may be changed at any time; `asked` holds the texts in the order of their arrival.

    What is only parsed, to hear danger while a person talks or to guess a kind, is not asked; `parsed` is the answer,
    and there is no danger in it unless a test says so.
    """

    def __init__(self, handler: Handler = echo) -> None:
        self.handler = handler
        self.asked: list[str] = []
        self.parsed: dict[str, Any] = CALM
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = free_port()

    @property
    def url(self) -> str:
        """Where the bot client finds it."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen, on the same port as before after a stop."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def stop(self) -> None:
        """Be away."""
        if self._server is not None:
            self._server.close()
            for writer in self._writers:
                writer.transport.abort()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                status, body = await self._answer(head, reader)
                content = json.dumps(body).encode()
                writer.write(
                    f"HTTP/1.1 {status} -\r\ncontent-length: {len(content)}\r\n\r\n".encode() + content
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader) -> Answer:
        if head.startswith(b"GET /status "):
            return 200, {}
        question = json.loads(await reader.readexactly(_length(head)))
        if head.startswith(b"POST /model/parse "):
            return 200, self.parsed
        self.asked.append(question.get("text", "vectors"))
        return await self.handler(question)


def _length(head: bytes) -> int:
    return next(
        int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
    )
