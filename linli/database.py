"""The database engine of a process: made from the settings at start, handed to whoever needs sessions."""

from __future__ import annotations

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

Sessions = async_sessionmaker[AsyncSession]


def make_engine(database_url: str, *, pool: int = 10, wait: float = 15.0) -> AsyncEngine:
    """Engine over psycopg 3 for a libpq URL; `pool` connections at most, `wait` seconds for a free one.

    Nothing connects here. Statements are ended by the server after 30 s, idle transactions after 60 s, so that
    a lost process cannot hold a lock for longer.
    """
    url = make_url(database_url).set(drivername="postgresql+psycopg")
    options = "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
    return create_async_engine(
        url,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=wait,
        pool_pre_ping=True,
        pool_recycle=1800,
        hide_parameters=True,  # an error in the log must not hold what people wrote
        connect_args={"connect_timeout": 5, "options": options},
    )


def make_sessions(engine: AsyncEngine) -> Sessions:
    """Sessions whose objects stay readable after commit."""
    return async_sessionmaker(engine, expire_on_commit=False)
