"""Small real deployments for the tests of operations: tiny processes under the class that `linli up` uses."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linli.settings import Settings
from operations.children import Child

MakeChild = Callable[..., Child]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the database's user can reach; pytest's own is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="linli-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def settings(place: Path) -> Settings:
    """Free ports and a data folder of this test's own."""
    return Settings(_env_file=None, data_dir=place, port=0, actions_port=0, bot_port=0)


@pytest.fixture
def make_child(place: Path) -> MakeChild:
    """Make a child that runs some lines of Python; it sees its name as `NAME` and the folder as `PLACE`."""

    def make(name: str, code: str = "import time; time.sleep(60)", grace: float = 5.0) -> Child:
        environment = {"NAME": name, "PLACE": str(place)}
        return Child(
            name, [sys.executable, "-c", code], place / f"{name}.log", place, environment, grace=grace
        )

    return make


def wait_until(condition: Callable[[], bool], patience: float = 30.0) -> None:
    """Wait for a condition; fail when it does not come true."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "this did not come true in time"
        time.sleep(0.02)
