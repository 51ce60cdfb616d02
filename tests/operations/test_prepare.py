"""Preparing a machine: what is there is not fetched again, and what is missing is one sentence that says what to do."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from operations.places import ROOT
from operations.prepare import environments
from operations.prepare.environments import prepare_bot_environment, prepare_environment
from operations.prepare.steps import CannotPrepare, Steps

FAILS = "#!/bin/sh\necho no such thing: $1 $2 >&2\nexit 1\n"
FETCHES = """#!/bin/sh
echo "$1 $2" >> {calls}
[ "$1 $2" = "python find" ] && {{ test -e {fetched} && echo /opt/python3.10 || exit 1; }}
[ "$1 $2" = "python install" ] && touch {fetched}
[ "$1" = sync ] && echo " + rasa==3.6.21" && echo "Installed 1 package"
exit 0
"""


@pytest.fixture
def steps() -> Steps:
    return Steps(io.StringIO())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A work tree with the files that an environment is made from, on a machine without pyenv."""
    for name in ("pyproject.toml", "uv.lock", ".python-version"):
        (tmp_path / name).write_text(name)
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(environments, "BOT", tmp_path)
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "no-pyenv"))
    return tmp_path


def uv(folder: Path, script: str) -> str:
    path = folder / "uv"
    path.write_text(script)
    path.chmod(0o755)
    return str(path)


def test_a_missing_python_3_10_is_one_sentence(folder: Path, steps: Steps) -> None:
    with pytest.raises(CannotPrepare) as told:
        prepare_bot_environment(steps, uv(folder, FAILS))
    assert str(told.value).startswith(
        "Rasa 3.6 needs Python 3.10, which is neither on PATH nor in pyenv and could not be fetched: "
        "install it (pyenv install 3.10) and run this again."
    )
    assert not (folder / ".venv" / "prepared").exists()


def test_the_python_3_10_of_pyenv_is_taken(
    folder: Path, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = folder / "pyenv" / "versions" / "3.10.14" / "bin" / "python3.10"
    python.parent.mkdir(parents=True)
    python.touch()
    monkeypatch.setenv("PYENV_ROOT", str(folder / "pyenv"))
    calls = folder / "calls"
    prepare_bot_environment(steps, uv(folder, f'#!/bin/sh\necho "$@" >> {calls}\n[ "$1" = sync ]\n'))
    assert calls.read_text().splitlines()[-1].endswith(f"--python {python}")


def test_a_python_3_10_is_fetched_once_and_each_step_is_told(
    folder: Path, steps: Steps, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = folder / "calls"
    ours = uv(folder, FETCHES.format(calls=calls, fetched=folder / "fetched"))
    prepare_bot_environment(steps, ours)
    prepare_bot_environment(steps, ours)
    assert calls.read_text().splitlines() == ["python find", "python install", "python find", "sync --frozen"]
    shown = capsys.readouterr().out
    assert re.search(r"Preparing Rasa.*\n    Installed 1 package\nPrepared Rasa's .* in \d+ s\n", shown)
    assert "rasa==" not in shown
    assert isinstance(steps.log, io.StringIO)
    assert " + rasa==3.6.21" in steps.log.getvalue()


def test_packages_without_a_network_are_one_sentence(folder: Path, steps: Steps) -> None:
    with pytest.raises(CannotPrepare, match=r"^The packages could not be installed: this needs a network"):
        prepare_environment(steps, uv(folder, FAILS))


def test_a_missing_python_for_linli_is_one_sentence() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "prepare", "PYTHON="],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr.startswith("Linli needs Python 3.11 or newer with venv: install it")


def test_preparing_needs_nothing_that_has_to_be_prepared() -> None:
    named = re.compile(r"^(?:from|import) (\w+)", re.MULTILINE)
    found = {
        name
        for path in [*(ROOT / "operations" / "prepare").glob("*.py"), ROOT / "operations" / "places.py"]
        for name in named.findall(path.read_text(encoding="utf-8"))
    }
    assert found <= {"operations", *sys.stdlib_module_names}
