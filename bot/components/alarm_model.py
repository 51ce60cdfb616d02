"""Whether a sentence tells of danger to life now: plain words decide, a regression finds the rest.

The threshold is the lowest at which, of held-out sentences of distress and of what only sounds like danger, few raise
the alarm. Missing a danger is worse than asking once too often, but an alarm that rings for every sigh is soon ignored.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from components.danger_words import counts, heard, is_told_plainly
from components.kernel_regression import KernelRegression

DANGER, QUIET = "danger", "quiet"
SORTS_WEIGHT = 0.8
MOST_FALSE = 0.05
LETTER, SURE = 160, 0.8
"""From so many characters on a text has words of everything, and must be this sure."""
LOWEST, HIGHEST = 0.25, 0.4


@dataclass
class AlarmModel:
    """A regression between danger and everything else, and how sure it must be."""

    regression: KernelRegression
    threshold: float

    @classmethod
    def learn(
        cls,
        texts: list[str],
        known: np.ndarray,
        places: np.ndarray,
        danger: np.ndarray,
        close: np.ndarray,
    ) -> AlarmModel:
        """Fit on all sentences; `danger` marks those that tell of it, `close` those that are easily taken for it."""
        told = [heard(text) for text in texts]
        labels = np.where(danger, DANGER, QUIET).tolist()
        regression = KernelRegression.learn(told, known, places, labels, _sorts(texts, told))
        held_out = regression.held_out[:, regression.labels.index(DANGER)]
        return cls(regression, _threshold(held_out[(close & ~danger)[regression.tested]]))

    def danger(self, text: str, near: np.ndarray) -> float:
        """How sure danger is, from 0 to 1, of a normal text; 1 where it is told plainly."""
        told = heard(text)
        if is_told_plainly(told):
            return 1.0
        confidences = self.regression.confidences(told, near, _sorts([text], [told])[0])
        danger = float(confidences[self.regression.labels.index(DANGER)])
        return danger if len(text) <= LETTER or danger >= SURE else 0.0

    def write(self, folder: Path) -> None:
        """Keep everything in plain files."""
        self.regression.write(folder, "alarm")
        (folder / "threshold.json").write_text(json.dumps(self.threshold), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> AlarmModel:
        """What `write` kept."""
        threshold = json.loads((folder / "threshold.json").read_text(encoding="utf-8"))
        return cls(KernelRegression.read(folder, "alarm"), threshold)


def _sorts(texts: list[str], told: list[str]) -> np.ndarray:
    """The sorts of danger in what is heard, and whether something was struck out: then the vector deceives."""
    rows = [(*counts(here), here != text) for text, here in zip(texts, told, strict=True)]
    return np.array(rows, dtype=np.float32) * SORTS_WEIGHT


def _threshold(quiet: np.ndarray) -> float:
    """The lowest that MOST_FALSE of these held-out confidences reach, within bounds."""
    wanted = float(np.quantile(quiet, 1 - MOST_FALSE)) if len(quiet) else LOWEST
    return min(max(wanted, LOWEST), HIGHEST)
