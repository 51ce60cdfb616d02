"""A platform that counts what it is sent; `python -m tests.scheduler.counted_sink PORT` is a worker that sends there.

The platform knows no repeats: what is sent twice arrives twice, and is counted so.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any, Self

import httpx

from channels import registry
from channels.contract import Abilities, Outcome, Outgoing
from channels.errors import SendError

AT_ONCE = 8


class CountedSink:
    """The platform, in the test's own process; `took` counts messages by the id of the outbox row."""

    def __init__(self, slowness: float) -> None:
        self.took: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(slowness))
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()

    def _take(self, row: str) -> None:
        with self._lock:
            self.took[row] += 1

    def _handler(self, slowness: float) -> type[BaseHTTPRequestHandler]:
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                sleep(slowness)
                sink._take(self.path.rpartition("/")[2])
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler


class ToSink:
    """The channel of the worker."""

    name = "sink"
    abilities = Abilities(buttons=4, longest_text=5_000, idempotent=False)

    def __init__(self, port: int) -> None:
        limits = httpx.Limits(max_connections=AT_ONCE)
        address = f"http://127.0.0.1:{port}"
        self._client = httpx.AsyncClient(base_url=address, limits=limits, timeout=30, trust_env=False)

    async def send(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Each message is one call."""
        return await asyncio.gather(*(self._send(row) for row in batch))

    async def _send(self, row: Outgoing) -> Outcome:
        try:
            await self._client.post(f"/send/{row.id}", content=b"")
        except httpx.HTTPError:
            return Outcome(row.id, SendError.LOST_ANSWER)
        return Outcome(row.id)


if __name__ == "__main__":
    from scheduler.__main__ import main

    port = int(sys.argv[1])
    registry.MAKERS = (*registry.MAKERS, lambda _settings, _sessions: ToSink(port))
    main()
