"""The unprivileged user the embedded database runs as when we are root, and what that user can reach."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from operations.problem import Problem

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class ServerUser:
    """A system user by name and numbers."""

    name: str
    uid: int
    gid: int


def choose_server_user(data: Path) -> ServerUser | None:
    """Who runs the server: nobody else when we are not root; the owner of existing data, else a system user."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return _by_uid(data.stat().st_uid)
    for name in CANDIDATES:
        try:
            return _from(pwd.getpwnam(name))
        except KeyError:
            continue
    raise Problem(
        "PostgreSQL does not run as root and there is no user named postgres or nobody: "
        "add one (useradd --system postgres), or run Linli as another user."
    )


def can_enter(folder: Path, user: ServerUser | None) -> bool:
    """True when the user can enter the folder (or the nearest parent that exists) through all its parents."""
    while not folder.exists():
        folder = folder.parent
    if user is None:
        return os.access(folder, os.X_OK)
    done = subprocess.run(  # noqa: S603 - asks the kernel as that user, so that ACLs and mounts count too
        ["/usr/bin/test", "-x", str(folder)],
        user=user.uid,
        group=user.gid,
        extra_groups=[],
        check=False,
        cwd="/",
    )
    return done.returncode == 0


def give(folder: Path, user: ServerUser | None) -> None:
    """Make a folder that only that user (and root) can open; raise Problem when it is there and somebody else's."""
    owner = user.uid if user else os.geteuid()
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        if not folder.is_symlink() and folder.is_dir() and folder.stat().st_uid == owner:
            return
        raise Problem(
            f"{folder} belongs to somebody else: remove it, or set LINLI_DATA_DIR to another folder."
        ) from None
    if user is not None:
        os.chown(folder, user.uid, user.gid)


def _by_uid(uid: int) -> ServerUser:
    try:
        return _from(pwd.getpwuid(uid))
    except KeyError:
        raise Problem(
            f"The embedded database belongs to user id {uid}, which this machine does not know: "
            "give its folder to a user that exists (chown -R postgres)."
        ) from None


def _from(entry: pwd.struct_passwd) -> ServerUser:
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
