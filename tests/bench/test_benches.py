"""The benches work: each small one prints its line, and every message in it was answered."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from operations.places import ROOT


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("store", r"^store \d+\.\d\dx$"),
        ("outbox", r"^outbox [\d,]+/s$"),
        ("expansion", r"^expansion \d+\.\d\dx$"),
        ("audience", r"^audience everybody: 300 people"),
        ("progress", r"^progress taken away: 2,0\d\d lines"),
        ("activities", r"^activities join \d+\.\d\dx$"),
        ("growth", r"^growth search \d+\.\d\dx$"),
    ],
)
def test_a_small_bench_prints_its_line(name: str, line: str) -> None:
    command = [sys.executable, "-m", "bench", name, "--small"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr[-2000:]
    assert re.search(line, done.stdout, re.MULTILINE), done.stdout


def test_an_unknown_bench_is_refused() -> None:
    command = [sys.executable, "-m", "bench", "nonsense"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 2
