"""The key that signs cookies and links: the one of the settings, else one made once and kept in the data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pydantic import SecretStr


def find_secret_key(data_dir: Path) -> SecretStr:
    """The key kept in the data folder; made when there is none yet. Processes that start together get the same one.

    Raises OSError where the folder cannot be written.
    """
    path = data_dir / "secret_key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        _make(path)
    return SecretStr(path.read_text(encoding="ascii").strip())


def _make(path: Path) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        return
    finally:
        fresh.unlink()
