"""What every test may ask for: a real PostgreSQL, migrated once, and a fresh copy of that database for each test."""

from __future__ import annotations

import asyncio
import os
import pickle
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from linli.database import Sessions, make_engine, make_sessions
from linli.sealing import Keyring, new_key, use_keyring
from operations.embedded_postgres import ROLE, SUPERUSER, EmbeddedPostgres
from operations.tables import upgrade_database
from tests.cast import Cast, make_cast

TEMPLATE = "template_linli"
TEMPLATE_OF_CAST = "template_cast"
# One key for all that a run starts, whatever its data folder: tests read what other processes have sealed.
KEYS = os.environ.setdefault("LINLI_ENCRYPTION_KEYS", new_key())
use_keyring(Keyring.parse(KEYS))


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """One embedded server for the whole run, in a folder that the server's user can reach; nothing is synced."""
    place = Path(tempfile.mkdtemp(prefix="linli-test-"))
    place.chmod(0o755)
    server = EmbeddedPostgres(place / "postgres", place / "database.log", durable=False)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(place)


@pytest.fixture(scope="session")
def template_database(postgres: EmbeddedPostgres) -> str:
    """Name of a database that holds the newest schema and no rows; copied by `database_url`."""
    _as_superuser(postgres, f"CREATE DATABASE {TEMPLATE} OWNER {ROLE}")
    upgrade_database(postgres.url(TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
def template_of_cast(postgres: EmbeddedPostgres, template_database: str) -> tuple[str, bytes]:
    """Name of a database in which the cast lives, and the cast itself, pickled, so that each test has its own."""
    _as_superuser(postgres, f"CREATE DATABASE {TEMPLATE_OF_CAST} TEMPLATE {template_database} OWNER {ROLE}")
    return TEMPLATE_OF_CAST, pickle.dumps(asyncio.run(_write_cast(postgres.url(TEMPLATE_OF_CAST))))


@pytest.fixture
def database_url(request: pytest.FixtureRequest, postgres: EmbeddedPostgres) -> Iterator[str]:
    """A migrated database of this test's own: empty, or with the cast where the test has one."""
    if "cast" in request.fixturenames:
        template_database, _ = request.getfixturevalue("template_of_cast")
    else:
        template_database = request.getfixturevalue("template_database")
    name = f"test_{uuid.uuid4().hex}"
    _as_superuser(
        postgres, f"CREATE DATABASE {name} TEMPLATE {template_database} OWNER {ROLE} STRATEGY FILE_COPY"
    )
    yield postgres.url(name)
    _as_superuser(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """The engine of this test's database."""
    engine = make_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def sessions(engine: AsyncEngine) -> Sessions:
    """Sessions on this test's database."""
    return make_sessions(engine)


def _as_superuser(server: EmbeddedPostgres, statement: str) -> None:
    with psycopg.connect(server.url("postgres", SUPERUSER), autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture
def cast(database_url: str, template_of_cast: tuple[str, bytes]) -> Cast:
    """The people of two communities, in this test's database."""
    _, pickled = template_of_cast
    cast: Cast = pickle.loads(pickled)
    return cast


async def _write_cast(url: str) -> Cast:
    engine = make_engine(url)
    try:
        return await make_cast(make_sessions(engine))
    finally:
        await engine.dispose()
