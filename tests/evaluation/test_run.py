"""`make evaluate` on a few sentences with the real Rasa: lines, verdicts and a page that needs nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from operations.model import train_model
from operations.places import ROOT


@pytest.mark.bot
def test_a_small_run_measures_and_writes_its_page(tmp_path: Path) -> None:
    train_model(tmp_path / "train.log", lambda _: None)
    only = ("intents", "scope", "alarm", "kinds", "facts")
    done = evaluate(
        "--limit", "8", "--place", str(tmp_path), *(word for name in only for word in ("--only", name))
    )
    assert done.returncode == 0, done.stderr[-2000:]
    for measure in (
        "intent accuracy zh",
        "out of scope acted upon en",
        "raised in explicit danger",
        "place zh",
    ):
        assert re.search(rf"^ +{measure} +\d\.\d{{3}} ", done.stdout, re.MULTILINE), done.stdout
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.count("<svg") >= 4
    assert not re.search(r"(?:src|href)=", page)


def test_an_unknown_measure_is_refused() -> None:
    assert evaluate("--only", "nonsense").returncode == 2


def evaluate(*words: str) -> subprocess.CompletedProcess[str]:
    """Run it as `make evaluate` does."""
    command = [sys.executable, "-m", "evaluation", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=900)
