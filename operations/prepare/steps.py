"""The steps of preparing: each runs only when the files it depends on have changed, on the terminal and in a log."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from operations.places import ROOT

TOOLS = ROOT / ".tools"
A_PACKAGE = re.compile(r" +[+~-] \S+==")
LOG = ROOT / "var" / "log" / "prepare.log"


class CannotPrepare(Exception):
    """A step that failed; the text says what to do."""


@dataclass
class Steps:
    """Runs the commands of steps; what they print goes to the terminal and to the log."""

    log: TextIO

    @classmethod
    @contextmanager
    def open(cls) -> Iterator[Steps]:
        """Steps that write to `var/log/prepare.log`; a second `make` in the same tree waits here for the first."""
        LOG.parent.mkdir(parents=True, exist_ok=True)
        with LOG.open("a", encoding="utf-8") as log:
            fcntl.flock(log, fcntl.LOCK_EX)
            yield cls(log)

    def say(self, line: str) -> None:
        """One line to the terminal and the log; names of single packages to the log only."""
        if not A_PACKAGE.match(line):
            print(line, flush=True)
        self.log.write(f"{time.strftime('%H:%M:%S')} {line}\n")
        self.log.flush()

    def run(self, command: Sequence[str], folder: Path, advice: str) -> None:
        """Run a command that may take minutes; raise CannotPrepare with the advice when it fails."""
        process = subprocess.Popen(  # noqa: S603 - the commands are ours
            command,
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        with process:
            for line in process.stdout or ():
                self.say(f"    {line.rstrip()}")
        if process.returncode != 0:
            raise CannotPrepare(f"{advice} (What it said is above and in {LOG.relative_to(ROOT)}.)")

    @contextmanager
    def unless_done(self, title: str, stamp: Path, inputs: Sequence[Path]) -> Iterator[bool]:
        """True when the step has to run: an input changed, or its result is gone. Stamped when it went well."""
        digest = digest_of(inputs)
        if stamp.exists() and stamp.read_text() == digest:
            yield False
            return
        started = time.monotonic()
        self.say(f"Preparing {title} ...")
        yield True
        stamp.write_text(digest)
        self.say(f"Prepared {title} in {time.monotonic() - started:.0f} s")


def digest_of(inputs: Sequence[Path]) -> str:
    """One hash over the contents of the files."""
    digest = hashlib.sha256()
    for path in inputs:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _environment() -> dict[str, str]:
    """Ours, without what would send uv to another environment."""
    strange = ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "PYTHONPATH", "PYTHONHOME")
    return {name: value for name, value in os.environ.items() if name not in strange}
