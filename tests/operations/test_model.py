"""The bot's model is trained when its files have changed, and only then; a small script stands in for Rasa here."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from operations import model
from operations.problem import Problem

Train = Callable[[], Path]
RASA = f"""#!{sys.executable}
import sys
from pathlib import Path
words = sys.argv
out, name = Path(words[words.index("--out") + 1]), words[words.index("--fixed-model-name") + 1]
if "broken" in Path("data/nlu/seed.yml").read_text():
    sys.exit("data/nlu/seed.yml is broken")
out.mkdir(parents=True)
(out / (name + ".tar.gz")).write_text("a model")
with open("trainings", "a") as trainings:
    trainings.write("x")
"""


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like `bot/`, with a Rasa that writes a file."""
    monkeypatch.setattr(model, "BOT", tmp_path)
    monkeypatch.setattr(model, "MODELS", tmp_path / "models")
    for folder in ("data/nlu", "components", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("config.yml", "domain.yml", "uv.lock", "data/nlu/seed.yml", "components/store.py"):
        (tmp_path / file).write_text(file)
    rasa = tmp_path / ".venv/bin/rasa"
    rasa.write_text(RASA)
    rasa.chmod(0o755)
    return tmp_path


@pytest.fixture
def train(bot: Path) -> Train:
    """Train with a log beside the folder and nobody to tell."""
    return lambda: model.train_model(bot / "train.log", lambda _: None)


def trainings(bot: Path) -> int:
    return len((bot / "trainings").read_text())


def test_it_is_trained_once(bot: Path, train: Train) -> None:
    assert model.find_model() is None
    assert train() == train() == model.find_model()
    assert trainings(bot) == 1


@pytest.mark.parametrize("file", ["domain.yml", "data/nlu/seed.yml", "components/store.py", "uv.lock"])
def test_a_changed_file_means_another_model_in_place_of_the_old_one(
    bot: Path, train: Train, file: str
) -> None:
    old = train()
    (bot / file).write_text("changed")
    new = train()
    assert old != new
    assert sorted((bot / "models").glob("*.tar.gz")) == [new]


def test_what_python_leaves_behind_changes_nothing(bot: Path, train: Train) -> None:
    train()
    (bot / "components" / "__pycache__").mkdir()
    (bot / "components" / "__pycache__" / "store.cpython-310.pyc").write_bytes(b"x")
    train()
    assert trainings(bot) == 1


def test_a_training_that_fails_is_explained_and_leaves_no_model(bot: Path, train: Train) -> None:
    (bot / "data/nlu/seed.yml").write_text("broken")
    with pytest.raises(Problem, match=r"Training the bot failed; .*\ndata/nlu/seed.yml is broken"):
        train()
    assert model.find_model() is None


def test_a_training_that_does_not_end_is_ended(
    bot: Path, train: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bot / ".venv/bin/rasa").write_text("#!/bin/sh\nsleep 60\n")
    monkeypatch.setattr(model, "MOST_SECONDS", 0.5)
    with pytest.raises(Problem, match=r"Training the bot took longer than 0\.5 s"):
        train()
