"""A platform's server that takes every message at once: `python -m bench.sink PORT`; see bench/sink_channel.py."""

from __future__ import annotations

import asyncio
import sys
from typing import cast

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}'
LENGTH = b"content-length:"


class Taking(asyncio.Protocol):
    """One connection: each whole request is answered with `{"ok":true}`.

    A protocol and no stream, since what a platform's server does costs our processors nothing where it is elsewhere.
    """

    def __init__(self) -> None:
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer what is whole, keep the rest."""
        self._read += data
        while b"\r\n\r\n" in self._read:
            head, _, rest = self._read.partition(b"\r\n\r\n")
            length = int(head.lower().partition(LENGTH)[2].partition(b"\r\n")[0] or 0)
            if len(rest) < length:
                return
            self._read = rest[length:]
            self._transport.write(ANSWER)


async def serve(port: int) -> None:
    """Take messages until stopped."""
    server = await asyncio.get_running_loop().create_server(Taking, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
