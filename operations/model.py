"""The bot's model: trained when the bot's files changed, kept as `bot/models/linli-<hash of these files>.tar.gz`."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from operations.children import Child
from operations.display import Tell
from operations.places import BOT, MODELS
from operations.problem import Problem

MOST_SECONDS = 900
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def find_model() -> Path | None:
    """The model of the bot's files as they are now, when it was trained already."""
    path = MODELS / f"{_name()}.tar.gz"
    return path if path.exists() else None


def train_model(log: Path, tell: Tell) -> Path:
    """The model of the bot's files; trained when it is missing. Two who ask at once share one training."""
    MODELS.mkdir(exist_ok=True)
    with _one_at_a_time():
        return find_model() or _train(log, tell)


def bot_environment() -> dict[str, str]:
    """What Rasa's processes get from ours: no setting of Linli, so no secret, and nothing of our environment."""
    strange = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")
    kept = {
        key: value for key, value in os.environ.items() if key not in strange and not key.startswith("LINLI_")
    }
    return kept | QUIET | {"PYTHONHASHSEED": "0", "PYTHONUNBUFFERED": "1"}


def _train(log: Path, tell: Tell) -> Path:
    name = _name()
    fresh = MODELS / ".fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    command = [str(BOT / ".venv/bin/rasa"), "train", "--domain", "domain.yml", "--config", "config.yml"]
    # Rasa's own cache does not see a change of what a component imports, so it is not asked.
    command += ["--data", "data", "--out", str(fresh), "--fixed-model-name", name, "--force"]
    # Its validation reads all examples once more; tests/contract/test_bot.py says what is missing.
    command += ["--skip-validation"]
    _wait_for(Child("training", command, log, BOT, bot_environment()), tell)
    path = MODELS / f"{name}.tar.gz"
    (fresh / path.name).replace(path)
    shutil.rmtree(fresh)
    for old in MODELS.glob("linli-*.tar.gz"):
        if old != path:
            old.unlink()
    return path


def _wait_for(training: Child, tell: Tell) -> None:
    started = time.monotonic()
    training.start()
    try:
        while training.alive and time.monotonic() - started < MOST_SECONDS:
            tell(f"{time.monotonic() - started:.0f} s, {training.tail(1).strip()[-60:]}")
            time.sleep(0.5)
        if training.exit_code != 0:
            how = "failed" if training.exit_code else f"took longer than {MOST_SECONDS} s"
            raise Problem(f"Training the bot {how}; the end of {training.log}:\n{training.tail()}")
    finally:
        training.kill()


def _name() -> str:
    digest = hashlib.sha256()
    for path in _inputs():
        digest.update(str(path.relative_to(BOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return f"linli-{digest.hexdigest()[:12]}"


def _inputs() -> list[Path]:
    folders = [path for folder in ("data", "components") for path in (BOT / folder).rglob("*.*")]
    code_and_data = [
        path for path in folders if path.is_file() and path.suffix in (".py", ".yml", ".txt", ".json")
    ]
    return [BOT / "config.yml", BOT / "domain.yml", BOT / "uv.lock", *sorted(code_and_data)]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with (MODELS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
