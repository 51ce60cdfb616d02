"""Where things lie in the work tree and under the data folder."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOT = ROOT / "bot"
MODELS = BOT / "models"


def data_folder(data_dir: Path) -> Path:
    """The data folder of the settings as an absolute path; a relative one counts from the work tree."""
    return data_dir if data_dir.is_absolute() else ROOT / data_dir


def log_folder(data_dir: Path) -> Path:
    """Folder of the logs of all processes; made when missing."""
    folder = data_folder(data_dir) / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
