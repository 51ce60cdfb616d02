"""A platform's server that takes every message at once: `python -m bench.sink PORT`; see bench/sink_channel.py."""

from __future__ import annotations

import asyncio
import sys

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}'
LENGTH = b"content-length:"


async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read requests and answer each with `{"ok":true}`, until the other side is gone."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.partition(LENGTH)[2].partition(b"\r\n")[0] or 0)
            await reader.readexactly(length)
            writer.write(ANSWER)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def serve(port: int) -> None:
    """Take messages until stopped."""
    async with await asyncio.start_server(take, "127.0.0.1", port) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
