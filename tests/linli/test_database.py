"""The engine of a process: it notices a connection whose other end is gone without a word."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine


async def test_a_database_that_vanished_is_noticed_within_half_a_minute(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        asked = raw.driver_connection.info.get_parameters()
    idle, every, times = (int(asked[f"keepalives_{name}"]) for name in ("idle", "interval", "count"))
    assert idle + every * times <= 30
    assert int(asked["tcp_user_timeout"]) <= 30_000
