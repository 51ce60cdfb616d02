"""The engine of a process: it notices a connection whose other end is gone without a word."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import AdaptedConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from linli.database import Sessions, make_engine, make_sessions

_CUT_OTHERS = text(
    "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
)


async def test_connections_that_the_server_closed_are_made_anew(
    sessions: Sessions, database_url: str
) -> None:
    async with sessions() as one, sessions() as other:
        assert await one.scalar(text("SELECT 1")) == await other.scalar(text("SELECT 1"))
    operator = make_engine(database_url, pool=2)
    async with make_sessions(operator)() as session:
        assert await session.scalar(_CUT_OTHERS) == 2
    await operator.dispose()
    async with sessions() as one, sessions() as other:
        assert await one.scalar(text("SELECT 1")) == await other.scalar(text("SELECT 1"))


async def test_a_server_that_goes_while_a_connection_is_made_anew_is_away(
    engine: AsyncEngine, database_url: str
) -> None:
    """No error of ours: what comes of it is that whoever asked is told to come again."""

    def end(connection: AdaptedConnection, _: object) -> None:
        assert connection.driver_connection is not None
        with psycopg.connect(database_url) as operator:
            operator.execute(
                "SELECT pg_terminate_backend(%s, 5000)", [connection.driver_connection.info.backend_pid]
            )

    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
    event.listen(engine.sync_engine, "connect", end)
    operator = make_engine(database_url, pool=2)
    async with make_sessions(operator)() as session:
        assert await session.scalar(_CUT_OTHERS) == 1
    await operator.dispose()
    with pytest.raises(OperationalError):
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))


async def test_a_database_that_vanished_is_noticed_within_half_a_minute(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        asked = raw.driver_connection.info.get_parameters()
    idle, every, times = (int(asked[f"keepalives_{name}"]) for name in ("idle", "interval", "count"))
    assert idle + every * times <= 30
    assert int(asked["tcp_user_timeout"]) <= 30_000
