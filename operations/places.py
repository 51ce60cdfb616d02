"""Where things lie in the work tree and under the data folder."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOT = ROOT / "bot"
MODELS = BOT / "models"
CALLED_FROM = Path.cwd()
"""Where the operator was when the command was typed: `linli` itself works in the work tree."""


def as_typed(file: Path) -> Path:
    """A file or folder as the operator means it: a relative one counts from where the command was typed."""
    return CALLED_FROM / file


def data_folder(data_dir: Path) -> Path:
    """The data folder of the settings as an absolute path; a relative one counts from the work tree."""
    return data_dir if data_dir.is_absolute() else ROOT / data_dir


def log_folder(data_dir: Path) -> Path:
    """Folder of the logs of all processes; made when missing."""
    folder = data_folder(data_dir) / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
