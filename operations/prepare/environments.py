"""The two environments, built from their lock files: ours at the root, Rasa's on Python 3.10 under `bot/`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from operations.places import BOT, ROOT
from operations.prepare.steps import CannotPrepare, Steps

NETWORK = "The packages could not be installed: this needs a network with a Python package registry."


def prepare_environment(steps: Steps, uv: str) -> None:
    """`.venv` with the Python that runs this."""
    inputs = [ROOT / "pyproject.toml", ROOT / "uv.lock"]
    with steps.unless_done("the environment of Linli", ROOT / ".venv" / "prepared", inputs) as needed:
        if needed:
            steps.run([uv, "sync", "--frozen", "--no-progress", "--python", sys.executable], ROOT, NETWORK)


def prepare_bot_environment(steps: Steps, uv: str) -> None:
    """`bot/.venv` with a Python 3.10: from PATH, from pyenv, or fetched by uv."""
    inputs = [BOT / "pyproject.toml", BOT / "uv.lock", BOT / ".python-version"]
    with steps.unless_done("Rasa's environment on Python 3.10", BOT / ".venv" / "prepared", inputs) as needed:
        if needed:
            python = _find_python_310(uv) or _fetch_python_310(steps, uv)
            steps.run([uv, "sync", "--frozen", "--no-progress", "--python", python], BOT, NETWORK)


def _find_python_310(uv: str) -> str | None:
    found = subprocess.run(  # noqa: S603 - the command is ours
        [uv, "python", "find", "--no-python-downloads", "3.10"],
        cwd=BOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode == 0:
        return found.stdout.strip()
    return next((str(path) for path in _pyenv_pythons()), None)


def _pyenv_pythons() -> list[Path]:
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    try:
        return sorted(pyenv.glob("versions/3.10.*/bin/python3.10"), reverse=True)
    except PermissionError:  # somebody else's pyenv
        return []


def _fetch_python_310(steps: Steps, uv: str) -> str:
    advice = (
        "Rasa 3.6 needs Python 3.10, which is neither on PATH nor in pyenv and could not be fetched: "
        "install it (pyenv install 3.10) and run this again."
    )
    steps.run([uv, "python", "install", "3.10"], BOT, advice)
    found = _find_python_310(uv)
    if found is None:
        raise CannotPrepare(advice)
    return found
