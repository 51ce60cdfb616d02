"""The engine of a process: it notices a connection whose other end is gone without a word."""

from __future__ import annotations

from typing import NoReturn
from uuid import uuid4

import psycopg
import pytest
from psycopg import _queries
from sqlalchemy import event, text
from sqlalchemy.engine import AdaptedConnection
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from linli.database import Sessions, has_begun, make_engine, make_sessions

_CUT_OTHERS = text(
    "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND datname = current_database() AND usename = current_user"
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


async def test_what_only_reads_begins_no_transaction(sessions: Sessions) -> None:
    async with sessions() as session:
        assert not await has_begun(session)
        assert await session.scalar(text("SELECT 1")) == 1
        assert not await has_begun(session)


async def test_what_is_asked_often_is_prepared_once(sessions: Sessions) -> None:
    """At a ROLLBACK psycopg forgets all of it, so reading may not end with one."""
    for _ in range(8):
        async with sessions() as session:
            await session.execute(text("SELECT id FROM residents WHERE id = :id"), {"id": uuid4()})
    async with sessions() as session:
        prepared = await session.scalars(text("SELECT statement FROM pg_prepared_statements"))
        assert "SELECT id FROM residents WHERE id = $1" in prepared.all()


async def test_how_to_bind_a_long_statement_is_read_once(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_each_time(*_: object) -> NoReturn:
        pytest.fail("psycopg did not remember how to bind it")

    monkeypatch.setattr(_queries, "_query2pg_nocache", read_each_time)
    values = {f"value_{number}": number for number in range(60)}
    total = text(f"SELECT {' + '.join(f'CAST(:{name} AS integer)' for name in values)}")
    async with sessions() as session:
        assert await session.scalar(total, values) == sum(values.values())


async def test_what_is_streamed_has_a_transaction(sessions: Sessions) -> None:
    """A cursor of the server lives in one."""
    async with sessions() as session:
        rows = await session.stream(text("SELECT generate_series(1, 5000)"))
        assert [n async for (n,) in rows] == list(range(1, 5001))
        assert await has_begun(session)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE late (n int)",
        "WITH made AS (SELECT 1) SELECT * FROM made",
        "SELECT id FROM residents FOR UPDATE",
        "SELECT id FROM residents\nFOR no key UPDATE OF residents",
        "SELECT pg_advisory_xact_lock(7)",
        "SELECT set_config('synchronous_commit', 'off', true)",
        "SAVEPOINT here",
    ],
)
async def test_what_may_write_or_lock_begins_one(sessions: Sessions, statement: str) -> None:
    async with sessions() as session:
        await session.execute(text("SELECT 1"))
        await session.execute(text(statement))
        assert await has_begun(session)


async def test_a_transaction_that_begins_late_is_whole(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await session.execute(text("CREATE TABLE late (n int PRIMARY KEY)"))
    async with sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM late")) == 0
        await session.execute(text("INSERT INTO late VALUES (1)"))
        await session.rollback()
        await session.execute(text("INSERT INTO late VALUES (2)"))
        await session.commit()
        with pytest.raises(IntegrityError):
            await session.execute(text("INSERT INTO late VALUES (3), (2)"))
        await session.rollback()
        async with session.begin_nested():
            await session.execute(text("INSERT INTO late VALUES (4)"))
        await session.commit()
        await session.execute(text("INSERT INTO late VALUES (5)"))
    async with sessions() as session:
        assert (await session.scalars(text("SELECT n FROM late ORDER BY n"))).all() == [2, 4]
