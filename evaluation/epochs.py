"""How long an epoch of a training takes, out of the bars that Rasa draws; `measures/cost.py` works the rest out."""

from __future__ import annotations

import re

_BAR = re.compile(r"Epochs:.*?(\d+)/(\d+) \[(?:(\d+):)?(\d+):(\d+)<")


def epochs_in(log: str) -> list[float]:
    """Seconds of one epoch of each part that was trained in epochs, the first left out: it warms up.

    A part that was trained for one epoch only is not among them.
    """
    parts: list[dict[int, float]] = []
    whole = 0
    for match in _BAR.finditer(log.replace("\r", "\n")):
        done, epochs = int(match[1]), int(match[2])
        if not parts or done < max(parts[-1], default=0) or epochs != whole:
            parts.append({})
            whole = epochs
        seconds = int(match[3] or 0) * 3600 + int(match[4]) * 60 + int(match[5])
        parts[-1][done] = seconds
    return [_each(part) for part in parts if max(part) > 1 and 1 in part]


def _each(part: dict[int, float]) -> float:
    last = max(part)
    return (part[last] - part[1]) / (last - 1)
