"""The numbers behind the intent classifier: a regression over all intents, and how near the nearest example is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from components.text_regression import Examples, TextRegression

OUT_OF_SCOPE = "out_of_scope"
LEAST_CONFIDENCE = 0.4
LEAST_LIKENESS = 0.25

Ranking = list[tuple[str, float]]


@dataclass
class IntentModel:
    """A regression over the intents, and the vectors of the examples in scope."""

    regression: TextRegression
    known: np.ndarray

    @classmethod
    def learn(cls, texts: list[str], vectors: np.ndarray, labels: list[str]) -> IntentModel:
        """Fit on all examples."""
        inside = np.array([label != OUT_OF_SCOPE for label in labels])
        regression = TextRegression.learn(Examples.plain(texts, vectors), labels)
        return cls(regression, vectors[inside].astype(np.float32))

    def rank(self, text: str, vector: np.ndarray) -> Ranking:
        """All intents with their confidence, best first; `out_of_scope` first where nothing is sure or near enough."""
        confidences = self.regression.confidences(text, vector)
        ranking = sorted(
            zip(self.regression.labels, confidences.tolist(), strict=True), key=lambda row: -row[1]
        )
        name, confidence = ranking[0]
        if name == OUT_OF_SCOPE or (
            confidence >= LEAST_CONFIDENCE and self.likeness(vector) >= LEAST_LIKENESS
        ):
            return ranking
        return [(OUT_OF_SCOPE, 1 - confidence), *(row for row in ranking if row[0] != OUT_OF_SCOPE)]

    def likeness(self, vector: np.ndarray) -> float:
        """How near the nearest example in scope is: 1 is the same sentence."""
        return float((self.known @ vector).max())

    def write(self, folder: Path) -> None:
        """Keep everything in plain files."""
        self.regression.write(folder, "intents")
        np.save(folder / "known.npy", self.known.astype(np.float16))

    @classmethod
    def read(cls, folder: Path) -> IntentModel:
        """What `write` kept."""
        known = np.load(folder / "known.npy").astype(np.float32)
        return cls(TextRegression.read(folder, "intents"), known)
