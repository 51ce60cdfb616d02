"""Secrets made once and kept in the data folder, such as the key that signs cookies and links."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr


def find_secret_key(data_dir: Path) -> SecretStr:
    """The key that signs cookies and links, kept in the data folder; made when there is none yet. Raises OSError."""
    return SecretStr(keep_secret(data_dir / "secret_key", lambda: secrets.token_urlsafe(48)))


def keep_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret of this file, made when there is none yet. Processes that start together get the same one.

    Raises OSError where the folder cannot be written.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, make())
    return path.read_text(encoding="ascii").strip()


def _write(path: Path, secret: str) -> None:
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    fresh.touch(mode=0o600, exist_ok=False)
    fresh.write_text(secret, encoding="ascii")
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        return
    finally:
        fresh.unlink()
