"""One child process: started in a process group of its own, logged to a file, stopped for certain.

On Linux the kernel ends a child when the thread that started it ends, so start children from the main thread only.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from operations.problem import Problem
from operations.server_user import ServerUser

MOST_LOG_BYTES = 10_000_000
OLD_LOGS = 3
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A command that can be started again and again under one name.

    `stop_signal` asks it to end; `orphan_signal` is what the kernel sends when this process is gone.
    """

    name: str
    command: Sequence[str]
    log: Path
    cwd: Path
    environment: Mapping[str, str]
    fds: Sequence[int] = ()
    user: ServerUser | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    grace: float = 10.0
    wanted: bool = False
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def pid(self) -> int | None:
        """Process id of the running child."""
        return self._process.pid if self._process and self.alive else None

    @property
    def alive(self) -> bool:
        """True from the start until the process has ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def ended_by_itself(self) -> bool:
        """True when it was started, not stopped, and runs no more."""
        return self.wanted and not self.alive

    @property
    def exit_code(self) -> int | None:
        """How the last run ended (negative = by that signal); None while it runs or was never started."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Start the command; raise Problem when it cannot be run."""
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError(
                f"{self.name} has to be started from the main thread: it would end with this one"
            )
        rotate(self.log)
        try:
            with self.log.open("ab") as log:
                self._process = self._popen(log.fileno())
            self.wanted = True
        except OSError as error:
            raise Problem(f"{self.name} cannot be started ({error.strerror}): {self.command[0]}") from error

    def stop(self) -> None:
        """Ask it to end, wait `grace` seconds, then end it; what it left in its group is ended too."""
        if self._process is None:
            return
        self.wanted = False
        if self.alive:
            self._process.send_signal(self.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(self.grace)
        self.kill()

    def kill(self) -> None:
        """End it and its group at once (SIGKILL)."""
        if self._process is None:
            return
        self.wanted = False
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def tail(self, lines: int = 15) -> str:
        """The last lines of its log, without colours."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 20_000))
            text = COLOURS.sub("", log.read().decode("utf-8", "replace"))
        return "\n".join(text.splitlines()[-lines:])

    def _popen(self, log: int) -> subprocess.Popen[bytes]:
        user = self.user
        return subprocess.Popen(  # noqa: S603 - the commands are ours
            self.command,
            cwd=self.cwd,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=self.fds,
            process_group=0,
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
            preexec_fn=_ends_with_parent(self.orphan_signal),  # noqa: PLW1509 - main thread only, checked in start()
        )


def rotate(log: Path) -> None:
    """Keep a log that has grown too large as `.1`, older ones as `.2` and so on."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if not log.exists() or log.stat().st_size < MOST_LOG_BYTES:
        return
    for number in range(OLD_LOGS, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        newer = log.with_name(f"{log.name}.{number - 1}") if number > 1 else log
        if newer.exists():
            newer.replace(older)


def _ends_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def ask_the_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os._exit(1)

    return ask_the_kernel
