"""Who waits for the disk is told when what was committed before is there, and many are told at once."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from linli.database import Sessions, make_engine, make_sessions, one_by_one
from linli.disk import Disk

_WRITE = "SELECT pg_logical_emit_message(true, 'test', ''), set_config('synchronous_commit', 'off', true)"


async def test_after_the_wait_all_that_was_committed_is_on_the_disk(sessions: Sessions) -> None:
    statements = one_by_one(sessions)
    disk = Disk(statements)
    for _ in range(20):
        async with statements() as session:
            await session.execute(text(_WRITE))
            before = await session.scalar(text("SELECT pg_current_wal_insert_lsn()"))
        await disk.wait()
        async with statements() as session:
            flushed = text("SELECT pg_current_wal_flush_lsn() >= CAST(:before AS pg_lsn)")
            assert await session.scalar(flushed, {"before": before})


async def test_who_comes_while_one_waits_shares_the_next(sessions: Sessions) -> None:
    statements, asked = one_by_one(sessions), asyncio.Event()
    times = 0

    def counting() -> AsyncSession:
        nonlocal times
        times += 1
        asked.set()
        return statements()

    disk = Disk(counting)
    first = asyncio.create_task(disk.wait())
    await asked.wait()
    await asyncio.gather(first, *(disk.wait() for _ in range(30)))
    assert times == 2


async def test_a_database_that_is_away_is_said_to_all_and_the_next_asks_anew(sessions: Sessions) -> None:
    away = make_engine("postgresql://nobody@127.0.0.1:1/none")
    answers = iter([one_by_one(make_sessions(away))(), one_by_one(sessions)()])
    disk = Disk(answers.__next__)
    results = await asyncio.gather(disk.wait(), disk.wait(), return_exceptions=True)
    assert [type(result) for result in results] == [OperationalError] * 2
    await disk.wait()
    await away.dispose()


@pytest.mark.parametrize("waiters", [1, 5])
async def test_a_caller_who_leaves_takes_nobody_along(sessions: Sessions, waiters: int) -> None:
    disk = Disk(one_by_one(sessions))
    leaving = asyncio.create_task(disk.wait())
    staying = [asyncio.create_task(disk.wait()) for _ in range(waiters)]
    await asyncio.sleep(0)
    leaving.cancel()
    assert await asyncio.gather(*staying) == [None] * waiters
