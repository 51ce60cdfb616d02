"""The kept connection to the action door: one for many calls, made anew when the app has closed it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from rasa.utils.endpoints import ClientResponseError

from components.action_door import ActionDoor

ANSWER = json.dumps({"events": [], "responses": []})


class App:
    """Counts the connections and the calls that come; `status` and `calls_a_connection` may be changed."""

    def __init__(self) -> None:
        self.connections, self.calls = 0, 0
        self.status, self.calls_a_connection = 200, 1_000

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        for _ in range(self.calls_a_connection):
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            length = next(
                int(line.split(b":")[1]) for line in head.lower().splitlines() if b"content-length" in line
            )
            await reader.readexactly(length)
            self.calls += 1
            head_out = (
                f"HTTP/1.1 {self.status} -\r\nContent-Type: application/json\r\nContent-Length: {len(ANSWER)}"
            )
            writer.write(f"{head_out}\r\n\r\n{ANSWER}".encode())
        writer.close()


@asynccontextmanager
async def served(app: App) -> AsyncIterator[ActionDoor]:
    async with await asyncio.start_server(app.serve, "127.0.0.1", 0) as server:
        door = ActionDoor(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/webhook")
        yield door
        await door._kept_session().close()


async def test_many_calls_share_a_connection() -> None:
    app = App()
    async with served(app) as door:
        answers = [await door.request(json={"next_action": "action_greet"}, method="post") for _ in range(5)]
    assert answers == [json.loads(ANSWER)] * 5
    assert (app.calls, app.connections) == (5, 1)


async def test_a_closed_connection_is_made_anew_unseen() -> None:
    app = App()
    app.calls_a_connection = 1
    async with served(app) as door:
        for _ in range(5):
            assert await door.request(json={}) == json.loads(ANSWER)
    assert app.calls == 5


async def test_an_error_is_rasas() -> None:
    app = App()
    app.status = 503
    async with served(app) as door:
        with pytest.raises(ClientResponseError) as raised:
            await door.request(json={})
    assert (raised.value.status, app.calls) == (503, 1)


async def test_nobody_there_is_rasas_too() -> None:
    door = ActionDoor("http://127.0.0.1:1/webhook")
    with pytest.raises(aiohttp.ClientConnectionError):
        await door.request(json={})
    await door._kept_session().close()
