"""Which of the kinds a need is of: a regression over the sentence and over what the word lists say of it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from components.kernel_regression import KernelRegression
from components.kind_words import WORD, KindWords

WORDS_WEIGHT = 1.0
PRIVATE = "mental_health"

_DENIED = re.compile(
    r"(?:这|那)?不(?:是|算)[^,。;!?]{1,10}?(?:[,。; ]|而)+(?=.*(?:是|算))"
    r"|\b(?:it'?s not|is not|isn't|not) (?:a |an |the |about )*[a-z]+(?: [a-z]+)?(?:,| but)(?= )"
)


@dataclass
class KindModel:
    """A regression over the kinds, the words that people use for them, and the urgency of those that are not normal."""

    regression: KernelRegression
    words: KindWords
    urgencies: dict[str, str]

    @classmethod
    def learn(
        cls,
        texts: list[str],
        known: np.ndarray,
        places: np.ndarray,
        kinds: list[str],
        words: KindWords,
        urgencies: dict[str, str],
    ) -> KindModel:
        """Fit on sentences of which the kind is known."""
        extra = np.vstack([_named(words, sorted(set(kinds)), text) for text in texts])
        return cls(KernelRegression.learn(texts, known, places, kinds, extra), words, urgencies)

    def rank(self, text: str, near: np.ndarray) -> list[tuple[str, float]]:
        """All kinds with their confidence, best first, of a normal text; a kind that the person denies is not heard."""
        heard = _DENIED.sub(" ", text)
        extra = _named(self.words, self.regression.labels, heard)
        confidences = self.regression.confidences(heard, near, extra)
        return sorted(zip(self.regression.labels, confidences.tolist(), strict=True), key=lambda row: -row[1])

    def is_private(self, text: str) -> bool:
        """Whether a word stands in it that only social workers should read, however loud the rest is."""
        return self.words.scores(text).get(PRIVATE, 0) >= WORD

    def write(self, folder: Path) -> None:
        """Keep everything in plain files."""
        self.regression.write(folder, "kinds")
        told = {"words": self.words.lists, "urgencies": self.urgencies}
        (folder / "words.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> KindModel:
        """What `write` kept."""
        told = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        return cls(KernelRegression.read(folder, "kinds"), KindWords(told["words"]), told["urgencies"])


def _named(words: KindWords, kinds: list[str], text: str) -> np.ndarray:
    """How much the word lists say for each kind, together of length WORDS_WEIGHT."""
    scores = words.scores(text)
    row = np.array([scores.get(kind, 0) for kind in kinds], dtype=np.float32)
    return row * (WORDS_WEIGHT / (np.linalg.norm(row) or 1.0))
