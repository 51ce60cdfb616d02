"""`linli up` as it is typed, with a bot elsewhere: what it prints, and that Ctrl-C leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import psutil
import pytest

LINLI = Path(sys.executable).parent / "linli"
PATIENCE = 600.0


class Bot(BaseHTTPRequestHandler):
    """Says that it is there, which is all that a start asks of it."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is given
        """Nothing."""


@dataclass
class Running:
    """A Linli that is ready, with all of its processes."""

    process: subprocess.Popen[bytes]
    output: Path
    children: dict[str, psutil.Process]

    @property
    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def wait(self) -> int:
        """How it ended; nothing that it had started is left."""
        code = self.process.wait(PATIENCE)
        assert psutil.wait_procs(self.children.values(), timeout=60)[1] == []
        return code


@pytest.fixture
def bot_url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Bot) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def linli(database_url: str, bot_url: str, place: Path) -> Iterator[Running]:
    """`linli up --no-demo` on an empty database."""
    ours = {
        "LINLI_DATABASE_URL": database_url,
        "LINLI_BOT_URL": bot_url,
        "LINLI_DATA_DIR": str(place),
        "LINLI_PORT": "0",
        "LINLI_ACTIONS_PORT": "0",
    }
    output = place / "said"
    with output.open("wb") as said:
        process = subprocess.Popen(
            [LINLI, "up", "--no-demo"], env=os.environ | ours, stdout=said, stderr=said, cwd="/"
        )
    try:
        wait_until_ready(process, output)
        started = psutil.Process(process.pid).children(recursive=True)
        yield Running(process, output, {child.cmdline()[-1]: child for child in started})
    finally:
        process.kill()
        process.wait()


def test_the_first_admin_gets_a_link_and_ctrl_c_stops_all(linli: Running, place: Path) -> None:
    console = re.search(r"console +(\S+)/staff", linli.said)
    link = re.search(r"once, within two days:\n +(\S+)", linli.said)
    assert console
    assert link
    assert link[1].startswith(f"{console[1]}/staff/invitation/")
    assert httpx.get(link[1]).status_code == httpx.codes.OK
    assert link[1] not in (place / "log" / "linli.log").read_text(encoding="utf-8")
    assert "Preparing the bot's model" not in linli.said
    assert set(linli.children) == {"web", "scheduler"}
    linli.process.send_signal(signal.SIGINT)
    assert linli.wait() == 0
    assert linli.said.endswith("Stopping ...\nStopped.\n")


def wait_until_ready(process: subprocess.Popen[bytes], output: Path) -> None:
    end = time.monotonic() + PATIENCE
    while "Ctrl-C stops it" not in output.read_text(encoding="utf-8"):
        assert process.poll() is None, output.read_text(encoding="utf-8")
        assert time.monotonic() < end, output.read_text(encoding="utf-8")
        time.sleep(0.05)
