"""Listening to the database: what is notified is heard, also after the connection was cut; nobody is left behind."""

from __future__ import annotations

import asyncio

import psycopg

from linli.listening import Listener

_CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE 'LISTEN%'"


async def test_what_is_notified_is_heard_and_a_cut_line_is_taken_up_again(database_url: str) -> None:
    heard: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
    begun: asyncio.Queue[None] = asyncio.Queue()
    listener = Listener(
        database_url,
        ["one", "other"],
        lambda name, payload: heard.put_nowait((name, payload)),
        lambda: begun.put_nowait(None),
    )
    listener.start()
    listener.start()
    try:
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
            for statement in ("NOTIFY one, 'first'", "NOTIFY other, 'second'"):
                async with asyncio.timeout(20):
                    await begun.get()
                    await connection.execute(statement)
                    name, payload = await heard.get()
                    assert f"NOTIFY {name}, '{payload}'" == statement
                    await connection.execute(_CUT)
        async with asyncio.timeout(20):
            await begun.get()
    finally:
        await listener.stop()
    assert begun.empty()
