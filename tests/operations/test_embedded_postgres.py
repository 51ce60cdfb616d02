"""The embedded PostgreSQL: its locale, its rights, and how it comes back after being killed."""

from __future__ import annotations

import os
import signal
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from linli.database import Sessions
from operations import postgres_files
from operations.embedded_postgres import EmbeddedPostgres
from operations.problem import Problem


@pytest.fixture
def server(place: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(place / "postgres", place / "database.log", durable=False)
    server.start()
    yield server
    server.stop()


def test_it_speaks_utf8_in_c_utf8(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.url()) as connection:
        found = connection.execute(
            "SELECT current_setting('server_encoding'), datcollate, datctype FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
        assert found == ("UTF8", "C.UTF-8", "C.UTF-8")
        assert connection.execute("SELECT lower('ÄÉ电梯'), '电梯' ~ '^\\w+$'").fetchone() == ("äé电梯", True)


def test_the_application_is_no_superuser(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.url()) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("COPY pg_database TO PROGRAM 'cat'")


def test_only_its_owner_can_open_it(server: EmbeddedPostgres) -> None:
    for folder in (server.home, server.data, server.sockets):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_rows_survive_a_kill_while_clients_are_connected(server: EmbeddedPostgres) -> None:
    client = psycopg.connect(server.url(), autocommit=True)
    client.execute("CREATE TABLE kept AS SELECT 1 AS one")
    assert server.child is not None
    assert server.child.pid is not None
    os.kill(server.child.pid, signal.SIGKILL)
    server.start()
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_a_stale_pid_file_that_names_a_living_process_is_no_obstacle(server: EmbeddedPostgres) -> None:
    pid_file = server.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    server.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    server.start()
    psycopg.connect(server.url()).close()


def test_two_servers_never_share_a_data_folder(server: EmbeddedPostgres, place: Path) -> None:
    second = EmbeddedPostgres(place / "postgres", place / "second.log", durable=False)
    with pytest.raises(Problem, match="Another Linli uses the database"):
        second.start(patience=0.2)


def test_a_server_that_cannot_start_shows_the_end_of_its_log(server: EmbeddedPostgres) -> None:
    server.stop()
    (server.data / "global" / "pg_control").unlink()
    with pytest.raises(Problem, match="could not find the database system"):
        server.start()


def test_a_path_too_long_for_a_socket_gets_a_short_one() -> None:
    assert postgres_files.socket_folder(Path("/srv/linli/postgres")) == Path("/srv/linli/postgres/run")
    far = postgres_files.socket_folder(Path("/srv") / ("long" * 30))
    assert far.parent == Path(tempfile.gettempdir())


def test_a_socket_folder_of_somebody_else_is_refused(place: Path) -> None:
    server = EmbeddedPostgres(place / "postgres", place / "database.log", durable=False)
    server.home.mkdir(mode=0o700)
    (place / "elsewhere").mkdir()
    server.sockets.symlink_to(place / "elsewhere")
    with pytest.raises(Problem, match="belongs to somebody else"):
        server.start()


async def test_each_test_has_a_migrated_database_of_its_own(sessions: Sessions) -> None:
    async with sessions() as session:
        assert (await session.execute(text("SELECT count(*) FROM needs"))).scalar() == 0
