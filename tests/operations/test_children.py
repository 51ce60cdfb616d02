"""One child process: it ends when asked, when it does not listen, and when its parent is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from operations import children
from operations.problem import Problem
from tests.operations.conftest import MakeChild, wait_until

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
PARENT = """
import sys, time
from pathlib import Path
from operations.children import Child
place = Path(sys.argv[1])
child = Child("child", [sys.executable, "-c", "import time; time.sleep(60)"], place / "log", place, {})
child.start()
print(child.pid, flush=True)
time.sleep(60)
"""


def test_it_ends_when_asked(make_child: MakeChild) -> None:
    child = make_child("worker")
    child.start()
    assert child.alive
    child.stop()
    assert child.exit_code == -signal.SIGTERM
    assert not child.ended_by_itself


def test_it_is_ended_when_it_does_not_listen(make_child: MakeChild) -> None:
    child = make_child("worker", DEAF, grace=0.2)
    child.start()
    wait_until(lambda: "deaf" in child.tail())
    child.stop()
    assert child.exit_code == -signal.SIGKILL


def test_what_it_has_started_ends_with_it(make_child: MakeChild) -> None:
    code = "import subprocess, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
    child = make_child("bot", f"import os; os.environ['PATH'] = '/usr/bin:/bin'; {code}")
    child.start()
    wait_until(lambda: bool(child.tail().strip()))
    grandchild = int(child.tail())
    child.stop()
    wait_until(lambda: not running(grandchild))


def test_an_end_of_its_own_is_seen(make_child: MakeChild) -> None:
    child = make_child("worker", "print('no more'); raise SystemExit(3)")
    child.start()
    wait_until(lambda: child.ended_by_itself)
    assert child.exit_code == 3
    assert child.tail() == "no more"


def test_a_command_that_is_not_there_is_a_sentence(make_child: MakeChild) -> None:
    child = make_child("bot")
    child.command = ["/nowhere/rasa"]
    with pytest.raises(Problem, match=r"bot cannot be started \(No such file or directory\): /nowhere/rasa"):
        child.start()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has PR_SET_PDEATHSIG")
def test_it_ends_when_its_parent_is_killed(place: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(place)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert running(child)
        parent.kill()
    wait_until(lambda: not running(child))


def test_a_log_that_has_grown_is_put_aside(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "MOST_LOG_BYTES", 3)
    log = place / "web.log"
    for text in ("one", "two", "three", "four", "five"):
        log.write_text(text)
        children.rotate(log)
    assert sorted(path.name for path in place.iterdir()) == ["web.log.1", "web.log.2", "web.log.3"]
    assert (place / "web.log.1").read_text() == "five"


def running(pid: int) -> bool:
    """True while the process runs; one that waits to be reaped by somebody does not."""
    try:
        os.kill(pid, 0)
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False
