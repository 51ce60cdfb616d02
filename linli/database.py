"""The database engine of a process: made from the settings at start, handed to whoever needs sessions."""

from __future__ import annotations

import re
import select

from psycopg import _queries
from psycopg.pq import TransactionStatus
from sqlalchemy import event
from sqlalchemy.engine import AdaptedConnection, Connection, make_url
from sqlalchemy.engine.interfaces import DBAPICursor, ExecutionContext
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

# Over a network a connection may be cut without a word; a statement would then wait a quarter of an hour.
NOTICE_LOSS = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
# psycopg reads anew how to bind a statement of more than 50 values or 4,096 characters, each time (0.4 ms of a report).
_queries.MAX_CACHED_STATEMENT_PARAMS, _queries.MAX_CACHED_STATEMENT_LENGTH = 500, 50_000
Sessions = async_sessionmaker[AsyncSession]

_STATEMENTS_ALONE = "statements_alone"
_READS = re.compile(r"\s*SELECT\b", re.IGNORECASE)
_LOCKS_OR_CALLS = re.compile(
    r"\bFOR\s+(UPDATE|NO\s+KEY|SHARE|KEY\s+SHARE)\b|\b(pg_\w+|set_config|nextval|setval)\s*\(", re.IGNORECASE
)
_NEW = "new"
_PASSING = frozenset({"23503", "23505", "25006", "25P03"})
"""What a row points at was moved or made in the same moment (a person who became one with another), the server only
reads (a failover), or a transaction was idle for too long."""


def make_engine(database_url: str, *, pool: int = 10, wait: float = 15.0) -> AsyncEngine:
    """Engine over psycopg 3 for a libpq URL; `pool` connections at most, `wait` seconds for a free one.

    Nothing connects here. Statements are ended by the server after 30 s, idle transactions after 60 s, so that
    a lost process cannot hold a lock for longer. A transaction begins with the first statement that is more than a
    plain read: what only reads needs no BEGIN, and no ROLLBACK, at which psycopg forgets all that it has prepared.
    """
    url = make_url(database_url).set(drivername="postgresql+psycopg")
    options = "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
    engine = create_async_engine(
        url,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=wait,
        isolation_level="AUTOCOMMIT",  # BEGIN is ours (`_begin_late`)
        pool_use_lifo=True,  # the warmest connection first: its server process has the statements prepared
        pool_recycle=1800,
        hide_parameters=True,  # an error in the log must not hold what people wrote
        connect_args={"connect_timeout": 5, "options": options, **NOTICE_LOSS},
    )
    event.listen(engine.sync_engine, "connect", _note_new)
    event.listen(engine.sync_engine, "checkout", _check_open)
    event.listen(engine.sync_engine, "before_cursor_execute", _begin_late)
    return engine


def _note_new(_: AdaptedConnection, record: ConnectionPoolEntry) -> None:
    record.info[_NEW] = True


def _check_open(connection: AdaptedConnection, record: ConnectionPoolEntry, *_: object) -> None:
    """Notice without asking that the server has closed a pooled connection: there is nothing to read but its end.

    Not of a connection that was just made: refused twice, SQLAlchemy takes it for a fault of ours. Its first statement
    finds out.
    """
    ours = connection.driver_connection
    if record.info.pop(_NEW, False):
        return
    if ours.closed or _has_something_to_read(ours.fileno()):
        raise InvalidatePoolError


def _has_something_to_read(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def is_passing(error: DBAPIError) -> bool:
    """Whether nothing is wrong with what was asked: the same again, in a moment, may well be done."""
    if isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated:
        return True
    return getattr(error.orig, "sqlstate", None) in _PASSING


def make_sessions(engine: AsyncEngine) -> Sessions:
    """Sessions whose objects stay readable after commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


def one_by_one(sessions: Sessions) -> Sessions:
    """Sessions on the same pool whose statements are transactions of their own, those that write too."""
    engine: AsyncEngine = sessions.kw["bind"]
    return async_sessionmaker(engine.execution_options(**{_STATEMENTS_ALONE: True}), expire_on_commit=False)


async def has_begun(session: AsyncSession) -> bool:
    """Whether the server has a transaction of this session: it does where it did more than read."""
    if not session.in_transaction():
        return False
    held = await (await session.connection()).get_raw_connection()
    return not _is_idle(held)


def _begin_late(
    connection: Connection,
    _: DBAPICursor,
    statement: str,
    __: object,
    context: ExecutionContext,
    *___: object,
) -> None:
    if connection.get_execution_options().get(_STATEMENTS_ALONE):
        return
    if _only_reads(statement) and not context.execution_options.get("stream_results"):
        return
    if _is_idle(connection.connection):
        begins = connection.connection.cursor()
        begins.execute("BEGIN")
        begins.close()


def _only_reads(statement: str) -> bool:
    """Whether a statement surely changes and locks nothing; one that is not surely so counts as more."""
    return _READS.match(statement) is not None and _LOCKS_OR_CALLS.search(statement) is None


def _is_idle(held: PoolProxiedConnection) -> bool:
    driver = held.driver_connection
    return driver is None or bool(driver.info.transaction_status == TransactionStatus.IDLE)
