"""What an operator sees while `linli` works: steps with their time, on a terminal or in plain lines, and in a log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from operations.children import rotate

Tell = Callable[[str], None]


class Display:
    """Writes every line to the terminal and to a log file; a running step has a spinner where there is a terminal."""

    def __init__(self, log: Path, console: Console | None = None) -> None:
        rotate(log)
        self.log = log
        self.console = console or Console(highlight=False, soft_wrap=True)

    def say(self, line: str = "") -> None:
        """One line for people."""
        self._show(line)
        self.note(line)

    def keep_quiet_about(self, line: str) -> None:
        """One line for the terminal only: passwords and links that let somebody in are not logged."""
        self._show(line)

    @contextmanager
    def step(self, title: str) -> Iterator[Tell]:
        """A step that may take a while; what is handed out tells how far it is."""
        started = time.monotonic()
        self.note(f"{title} ...")
        if self.console.is_terminal:
            with self.console.status(title) as status:
                yield lambda text: status.update(f"{title}: {text}")
        else:
            self._show(f"{title} ...")
            yield self._tell_sometimes(title)
        self.say(f"✓ {title} ({time.monotonic() - started:.1f} s)")

    def _show(self, line: str) -> None:
        with suppress(OSError):  # the terminal was closed: that is no reason to stop half-way
            self.console.print(line, markup=False)

    def _tell_sometimes(self, title: str, every: float = 10.0) -> Tell:
        last = time.monotonic()

        def tell(text: str) -> None:
            nonlocal last
            if time.monotonic() - last >= every:
                last = time.monotonic()
                self._show(f"  {title}: {text}")

        return tell

    def note(self, line: str) -> None:
        """One line for the log only."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {line}\n")
