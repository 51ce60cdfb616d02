"""The live line: what is said arrives, what was missed comes after, a restart of the database is lived through."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame

from community.residents.usecases import Known, find_person
from linli.database import Sessions
from linli.disk import Disk
from tests.channels.bot_stand_in import Answer, BotStandIn
from tests.web.conftest import Visit, ask_back, say, thread
from web import live
from web.bells import Bell, Bells
from web.live_line import LiveLine

Heard = dict[str, Any]
PATIENCE = 30.0


@asynccontextmanager
async def line(client: httpx.AsyncClient, after: int = 0, **headers: str) -> AsyncIterator[ClientConnection]:
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    address = str(client.base_url).rstrip("/").replace("http", "ws", 1)
    own = {"Cookie": cookies, "Origin": client.headers["Origin"]} | headers
    async with connect(f"{address}/chat/live?after={after}", additional_headers=own, proxy=None) as socket:
        yield socket


async def hear(socket: ClientConnection, kind: str) -> Heard:
    async with asyncio.timeout(PATIENCE):
        while True:
            message: Heard = json.loads(await socket.recv())
            if message["type"] == kind:
                return message


async def hear_items(socket: ClientConnection, count: int) -> list[Heard]:
    items: list[Heard] = []
    while len(items) < count:
        items += (await hear(socket, "items"))["items"]
    return items


async def hear_answer(socket: ClientConnection) -> Heard:
    while True:
        last: Heard = (await hear(socket, "items"))["items"][-1]
        if last["from"] != "me":
            return last


async def test_no_page_is_told_what_is_not_on_the_disk(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    client = await visit()
    await say(client, "你好")
    await thread(client, at_least=2)
    written = asyncio.Event()
    wait = Disk.wait

    async def wait_until_written(disk: Disk) -> None:
        await written.wait()
        await wait(disk)

    monkeypatch.setattr(Disk, "wait", wait_until_written)
    async with line(client, after=2) as socket:
        await hear(socket, "hello")
        saying = asyncio.create_task(say(client, "电梯坏了"))
        hearing = asyncio.create_task(hear_items(socket, 2))
        await thread(client, at_least=4)  # stored and answered, as another reader sees it
        assert not hearing.done()
        assert not saying.done()
        written.set()
        told = await hearing
        await saying
    assert [item["seq"] for item in told] == [3, 4]


async def test_an_answer_arrives_with_the_typing_sign_before_it(visit: Visit, bot: BotStandIn) -> None:
    client = await visit()
    await say(client, "你好")
    await thread(client, at_least=2)
    typing_is_seen = asyncio.Event()

    async def think(question: dict[str, Any]) -> Answer:
        await typing_is_seen.wait()
        return await ask_back(question)

    bot.handler = think
    async with line(client, after=2) as socket:
        assert (await hear(socket, "hello"))["last"] == 2
        await say(client, "电梯坏了")
        assert (await hear(socket, "typing"))["on"] is True
        typing_is_seen.set()
        assert (await hear_answer(socket))["from"] == "linli"


async def test_a_new_visitor_hears_the_answer_to_the_first_message(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "NEWS_SECONDS", 2 * PATIENCE)
    client = await visit()
    async with line(client) as socket:
        assert (await hear(socket, "hello"))["last"] == 0
        await say(client, "你好")
        await thread(client, at_least=2)
        await socket.send("look")
        assert [item["seq"] for item in await hear_items(socket, 2)] == [1, 2]  # not when typing is shown


async def test_what_was_missed_is_told_after_the_number_that_was_seen(visit: Visit) -> None:
    client = await visit()
    for number in range(3):
        await say(client, f"第{number}句")
    await thread(client, at_least=6)
    async with line(client, after=4) as socket:
        assert [item["seq"] for item in await hear_items(socket, 2)] == [5, 6]


async def test_many_lines_hold_no_connection_of_the_pool(visit: Visit) -> None:
    client = await visit()
    await say(client, "你好")
    await thread(client, at_least=2)
    listening = asyncio.Semaphore(0)
    async with asyncio.TaskGroup() as group:
        for _ in range(20):  # the pool has five

            async def listen() -> None:
                async with line(client, after=2) as socket:
                    await hear(socket, "hello")
                    listening.release()
                    assert await hear_items(socket, 2)

            group.create_task(listen())
        for _ in range(20):
            await listening.acquire()
        await say(client, "还在吗")


async def test_a_line_without_a_good_cookie_or_from_elsewhere_is_not_opened(visit: Visit) -> None:
    client = await visit()
    with pytest.raises(InvalidStatus):
        async with line(client, Origin="https://evil.example.org"):
            pass
    client.cookies.clear()
    with pytest.raises(InvalidStatus):
        async with line(client):
            pass


async def test_listening_goes_on_after_every_connection_was_cut(
    visit: Visit, sessions: Sessions, database_url: str
) -> None:
    client = await visit()
    await say(client, "你好")
    await thread(client, at_least=2)
    async with line(client, after=2) as cut:
        await hear(cut, "hello")
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = current_user"
                " AND datname = current_database() AND pid <> pg_backend_pid()"
            )
        with suppress(
            ConnectionClosed, TimeoutError
        ):  # a line that was just reading is closed with "try again later"
            async with asyncio.timeout(1):
                await hear(cut, "ping")
    async with line(client, after=2) as again:
        await hear(again, "hello")
        assert (await say(client, "断了再连")).status_code == 200
        assert await hear_items(again, 2)


async def test_a_server_that_stops_lets_a_page_leave_that_is_leaving(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave, stopped = LiveLine.handle_close, asyncio.Event()

    def leave_while_the_server_stops(page: LiveLine, goodbye: Frame) -> None:
        leave(page, goodbye)
        page.shutdown()
        stopped.set()

    monkeypatch.setattr(LiveLine, "handle_close", leave_while_the_server_stops)
    async with line(await visit()) as socket:
        await hear(socket, "hello")
    async with asyncio.timeout(PATIENCE):
        await stopped.wait()


async def test_bells_ring_for_their_thread_only(database_url: str, sessions: Sessions) -> None:
    bells, mine, other = Bells(database_url), Bell(), Bell()
    my_id, other_id = uuid4(), uuid4()
    bells.start()
    with bells.hang(my_id, mine), bells.hang(other_id, other):
        assert await mine.wait(PATIENCE)  # whoever begins to listen looks once
        await other.wait(0.1)
        async with sessions.begin() as session:
            await session.execute(text("SELECT pg_notify('linli_thread', :id)"), {"id": str(my_id)})
            await session.execute(text("SELECT pg_notify('linli_thread', 'nonsense')"))
        assert await mine.wait(PATIENCE)
        assert not await other.wait(0.2)
    await bells.stop()


def bubble(seq: int, who: str = "linli") -> dict[str, Any]:
    return {"seq": seq, "from": who}


@pytest.mark.parametrize(
    ("handed", "after", "taken"),
    [
        ([], 4, []),
        ([bubble(5, "me"), bubble(6)], 4, [5, 6]),
        ([bubble(6), bubble(5, "me")], 4, [5, 6]),  # handed over in another order than numbered
        ([bubble(4), bubble(5)], 4, [5]),  # read already
        ([bubble(6)], 4, None),  # what another process added is missing
    ],
)
async def test_what_is_handed_over_is_told_unless_something_is_missing(
    handed: list[dict[str, Any]], after: int, taken: list[int] | None
) -> None:
    bell = Bell()
    for item in handed:
        bell.hand([item])
    found = bell.take(after)
    assert taken == (None if found is None else [item["seq"] for item in found])
    assert bell.take(after) == []


async def test_a_stranger_is_handed_the_first_words_and_leaves_nothing_behind(database_url: str) -> None:
    """Nobody has to look for the address, nor to read the thread that has just begun."""
    bells, bell, known = Bells(database_url), Bell(), Known(uuid4(), uuid4())
    with bells.hang_stranger("visitor", bell):
        bells.hand(known.address_id, [bubble(1, "me")])
        bells.meet("somebody else", Known(uuid4(), uuid4()))
        before = bell.known
        bells.meet("visitor", known)
        bells.hand(known.address_id, [bubble(1, "me")])
        assert (before, bell.known) == (None, known)
        assert bell.take(0) == [bubble(1, "me")]
    bells.hand(known.address_id, [bubble(2)])
    assert bell.take(1) == []


async def test_after_a_ring_the_thread_is_read_whatever_was_handed_over() -> None:
    bell = Bell()
    bell.ring()
    bell.hand([bubble(1)])
    assert bell.take(0) is None


async def test_own_notifications_are_not_heard_for_they_were_handed_over(
    database_url: str, sessions: Sessions
) -> None:
    bells, bell, thread_id = Bells(database_url, "this"), Bell(), uuid4()
    bells.start()
    with bells.hang(thread_id, bell):
        assert await bell.wait(PATIENCE)  # whoever begins to listen looks once
        for process, seconds in (("this", 0.3), ("other", PATIENCE)):
            async with sessions.begin() as session:
                payload = f"{thread_id}:{process}:1"
                await session.execute(
                    text("SELECT pg_notify('linli_thread', :payload)"), {"payload": payload}
                )
            assert await bell.wait(seconds) is (process == "other")
    await bells.stop()


async def test_two_pages_of_one_person_hear_the_same(visit: Visit) -> None:
    client = await visit()
    await say(client, "你好")
    await thread(client, at_least=2)
    async with line(client, after=2) as one, line(client, after=2) as other:
        await hear(one, "hello")
        await hear(other, "hello")
        await say(client, "电梯坏了")
        heard = [await hear_items(socket, 2) for socket in (one, other)]
    assert heard[0] == heard[1] == (await thread(client, at_least=4))[2:]


async def test_a_thread_of_a_thousand_is_read_page_by_page(visit: Visit, sessions: Sessions) -> None:
    client = await visit()
    await say(client, "你好")
    await thread(client, at_least=2)
    async with sessions.begin() as session:
        known = await find_person(session, "web", await _outside_id(session))
        assert known
        await session.execute(_MANY, {"address_id": known.address_id, "resident_id": known.resident_id})
    newest = (await client.get("/chat/thread?limit=100")).json()
    assert (len(newest["items"]), newest["more"]) == (100, True)
    oldest = (await client.get("/chat/thread?before=40")).json()
    assert oldest["more"] is False
    async with line(client, after=2) as socket:
        assert [item["seq"] for item in await hear_items(socket, 1000)] == list(range(3, 1003))


async def _outside_id(session: AsyncSession) -> str:
    return str(await session.scalar(text("SELECT outside_id FROM addresses")))


_MANY = text(
    """
    WITH said AS (
        INSERT INTO inbound_messages (address_id, resident_id, channel, outside_id, text, files, state, due_at)
        SELECT :address_id, :resident_id, 'web', 'many-' || n, n, '[]', 'handled', now()
        FROM generate_series(1, 1000) AS n RETURNING id
    ), shown AS (
        INSERT INTO thread_items (address_id, seq, inbound_id, at)
        SELECT :address_id, 2 + row_number() OVER (ORDER BY id), id, now() FROM said
    )
    UPDATE addresses SET thread_length = 1002 WHERE id = :address_id
    """
)
