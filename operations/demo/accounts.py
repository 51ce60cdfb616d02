"""The accounts of the demo: passwords made on this machine, kept in one file that only its owner can read."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from community.parties.models import Role

FILE = "demo-accounts.json"
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # no look-alikes


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Somebody who may sign in to the console. `community` is its code, None at the street office."""

    sign_in: str
    password: str
    name: str
    role: Role
    party: Mapping[str, str]
    community: str | None


@dataclass(frozen=True, slots=True)
class DemoAccounts:
    """All accounts of the demo, and the file that holds their passwords."""

    staff: tuple[DemoAccount, ...]
    file: Path


def read_passwords(folder: Path) -> dict[str, str]:
    """The passwords by sign-in name; empty where there are none yet."""
    file = folder / FILE
    if not file.exists():
        return {}
    kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return kept


def make_passwords(names: Iterable[str]) -> dict[str, str]:
    """A fresh password for each name: three groups of four signs, 59 bits."""
    return {name: "-".join(_group() for _ in range(3)) for name in names}


def write_passwords(folder: Path, passwords: Mapping[str, str]) -> None:
    """Keep the passwords; the file is never there half written or open to others."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{FILE}.{os.getpid()}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(dict(passwords), file, indent=2, sort_keys=True)
    fresh.replace(folder / FILE)


def _group() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(4))
