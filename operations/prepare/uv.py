"""uv, which builds both environments: the one on PATH when it is new enough, else a pinned one in `.tools/`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from operations.prepare.steps import TOOLS, Steps

VERSION = "0.13.9"
OLDEST = (0, 9)  # reads our lock files


def find_uv(steps: Steps) -> str:
    """Path of uv; fetched into `.tools/` when it is missing."""
    ours = TOOLS / "bin" / "uv"
    on_path = shutil.which("uv")
    if on_path and _version(on_path) >= OLDEST:
        return on_path
    if not ours.exists() or _version(str(ours)) < OLDEST:
        install_tool(steps, f"uv=={VERSION}")
    return str(ours)


def install_tool(steps: Steps, requirement: str) -> Path:
    """Install a package into `.tools/`, an environment of its own; return the Python of it."""
    python = TOOLS / "bin" / "python"
    steps.say(f"Fetching {requirement} into .tools ...")
    if not python.exists():
        steps.run(
            [sys.executable, "-m", "venv", str(TOOLS)],
            TOOLS.parent,
            "Python's venv module does not work here.",
        )
    steps.run(
        [str(python), "-m", "pip", "install", "--quiet", requirement],
        TOOLS,
        f"{requirement} could not be fetched: this needs a network with a Python package registry.",
    )
    return python


def _version(uv: str) -> tuple[int, ...]:
    try:
        said = subprocess.run([uv, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return (0,)
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", said)
    return tuple(int(part) for part in found.groups()) if found else (0,)
