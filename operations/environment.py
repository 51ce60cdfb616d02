"""The settings as the environment of a child process, so that it sees the same as its supervisor, ports included."""

from __future__ import annotations

import os

from pydantic import SecretStr

from linli.settings import Settings


def settings_environment(settings: Settings) -> dict[str, str]:
    """Our environment with every setting spelled out: a child does not read `.env` differently."""
    spelled = {f"LINLI_{name.upper()}": _spell(getattr(settings, name)) for name in Settings.model_fields}
    return os.environ | spelled | {"PYTHONUNBUFFERED": "1"}


def _spell(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)
    return "" if value is None else str(value)
