"""What an operator sees: steps with their time, secrets on the terminal only, and no harm in a closed terminal."""

from __future__ import annotations

import errno
import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from operations.display import Display


@pytest.fixture
def shown() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def display(place: Path, shown: io.StringIO) -> Display:
    return Display(place / "log" / "linli.log", Console(file=shown, soft_wrap=True))


def test_a_step_is_told_on_the_terminal_and_in_the_log(display: Display, shown: io.StringIO) -> None:
    with display.step("Starting the database"):
        assert shown.getvalue() == "Starting the database ...\n"
    ended = r"✓ Starting the database \(\d+\.\d s\)"
    assert re.search(ended, shown.getvalue())
    assert re.search(ended, display.log.read_text())


def test_a_step_that_fails_is_not_ticked_off(display: Display, shown: io.StringIO) -> None:
    with pytest.raises(ValueError, match="no"), display.step("Starting the database"):
        raise ValueError("no")
    assert "✓" not in shown.getvalue()


def test_what_lets_somebody_in_is_in_no_log(display: Display, shown: io.StringIO) -> None:
    display.say("ready")
    display.keep_quiet_about("the password")
    assert "the password" in shown.getvalue()
    assert "the password" not in display.log.read_text()


def test_a_closed_terminal_is_no_reason_to_stop_half_way(place: Path) -> None:
    display = Display(place / "linli.log", Console(file=Closed()))
    display.say("Stopping ...")
    assert "Stopping ..." in display.log.read_text()


class Closed(io.StringIO):
    """What a terminal is after its window was closed."""

    def write(self, text: str) -> int:
        raise OSError(errno.EIO, "Input/output error")
