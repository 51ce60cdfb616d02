"""What every test may ask for: a real PostgreSQL, migrated once, and a database as if nobody had used it."""

from __future__ import annotations

import asyncio
import functools
import gc
import os
import pickle
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import structlog
from httpx._config import DEFAULT_TIMEOUT_CONFIG
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy.ext.asyncio import AsyncEngine

from community.answers.queries import forget_kept
from community.places import trees
from linli.database import Sessions, make_engine, make_sessions
from linli.sealing import Keyring, new_key, use_keyring
from operations.embedded_postgres import ROLE, EmbeddedPostgres
from operations.tables import upgrade_database
from tests.cast import Cast, make_cast
from tests.databases import Shelf, execute, keep_rows
from tests.engines import share_what_is_learnt

gc.disable()  # until everything is collected

TEMPLATE = "template_linli"
TEMPLATE_OF_CAST = "template_cast"
# One key for all that a run starts, whatever its data folder: tests read what other processes have sealed.
KEYS = os.environ.setdefault("LINLI_ENCRYPTION_KEYS", new_key())
use_keyring(Keyring.parse(KEYS))
# A client reads the certificates of the world when it is made; tests make thousands, and none of them meets one.
pytest.MonkeyPatch().setattr(
    "httpx._transports.default.create_ssl_context", functools.cache(httpx.create_ssl_context)
)
# Machines of tests are busy: who asks something on loopback gives it more than five seconds.
for way in ("connect", "read", "write", "pool"):
    setattr(DEFAULT_TIMEOUT_CONFIG, way, 30.0)
for limit in ("channels.bot_client.REACHED_SECONDS", "web.health.PATIENCE_SECONDS"):
    pytest.MonkeyPatch().setattr(limit, 30.0)
share_what_is_learnt()
# By default an exception is drawn in colour with all that was known at each of its lines: that takes seconds.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)
hypothesis_settings.register_profile(
    "the same every time",
    derandomize=True,
    database=None,
    deadline=None,  # how long an example takes is told by the machine
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("the same every time")


def pytest_collection_finish() -> None:
    """What was imported and collected stays: nobody is to look again and again whether it is garbage."""
    gc.freeze()
    gc.enable()


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
    """Name of a database that holds the newest schema and no rows of anybody."""
    execute(postgres, f"CREATE DATABASE {TEMPLATE} OWNER {ROLE}")
    upgrade_database(postgres.url(TEMPLATE))
    keep_rows(postgres, TEMPLATE)
    return TEMPLATE


@pytest.fixture(scope="session")
def template_of_cast(postgres: EmbeddedPostgres) -> tuple[str, bytes]:
    """Name of a database in which the cast lives, and the cast itself, pickled, so that each test has its own."""
    execute(postgres, f"CREATE DATABASE {TEMPLATE_OF_CAST} OWNER {ROLE}")
    upgrade_database(postgres.url(TEMPLATE_OF_CAST))
    pickled = pickle.dumps(asyncio.run(_write_cast(postgres.url(TEMPLATE_OF_CAST))))
    keep_rows(postgres, TEMPLATE_OF_CAST)
    return TEMPLATE_OF_CAST, pickled


@pytest.fixture(scope="session")
def shelves(request: pytest.FixtureRequest, postgres: EmbeddedPostgres) -> tuple[Shelf, Shelf]:
    """Databases to lend: empty ones, and ones with the cast. Each template is made when it is first asked for."""
    return (
        Shelf(postgres, lambda: str(request.getfixturevalue("template_database"))),
        Shelf(postgres, lambda: str(request.getfixturevalue("template_of_cast")[0])),
    )


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, postgres: EmbeddedPostgres, shelves: tuple[Shelf, Shelf]
) -> Iterator[str]:
    """A migrated database for this test alone: empty, or with the cast where the test has one."""
    forget_kept()
    trees._kept.clear()  # the cast lives at the same places in each database
    shelf = shelves["cast" in request.fixturenames]
    lent = shelf.lend()
    yield postgres.url(lent.name)
    shelf.give_back(lent)


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
