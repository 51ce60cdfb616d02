"""The numbers behind the intent classifier: a regression over all intents, and how near the nearest example is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from components.kernel_regression import KernelRegression
from components.likeness import nearness
from components.nonsense import is_nonsense
from components.wish_words import wishes_in

OUT_OF_SCOPE = "out_of_scope"
MOST_OUTSIDE = 0.32
LEAST_CONFIDENCE = 0.25
LEAST_NEARNESS = float(nearness(np.float32(0.25)))
"""Of a likeness of 0.25 to the nearest example of ours."""

Ranking = list[tuple[str, float]]


@dataclass
class IntentModel:
    """A regression over the intents, told by words of wishes too, and where its examples stand that are in scope."""

    regression: KernelRegression
    inside: np.ndarray

    @classmethod
    def learn(cls, texts: list[str], known: np.ndarray, places: np.ndarray, labels: list[str]) -> IntentModel:
        """Fit on all examples, of which this is known and which stand at these places among all."""
        inside = places[[label != OUT_OF_SCOPE for label in labels]]
        wishes = np.vstack([wishes_in(text) for text in texts])
        return cls(KernelRegression.learn(texts, known, places, labels, wishes), inside)

    def rank(self, text: str, near: np.ndarray) -> Ranking:
        """All intents with their confidence, best first; `out_of_scope` first where nothing is sure or near enough.

        A sentence that is ours but torn between two intents is ours: it is out of scope only where that is the
        likelier half, or nothing stands out at all.
        """
        if is_nonsense(text):
            return [
                (OUT_OF_SCOPE, 1.0),
                *((name, 0.0) for name in self.regression.labels if name != OUT_OF_SCOPE),
            ]
        confidences = self.regression.confidences(text, near, wishes_in(text))
        ranking = sorted(
            zip(self.regression.labels, confidences.tolist(), strict=True), key=lambda row: -row[1]
        )
        ours = [row for row in ranking if row[0] != OUT_OF_SCOPE]
        outside = 1 - sum(confidence for _, confidence in ours)
        is_near = near[self.inside].max() >= LEAST_NEARNESS
        if outside < MOST_OUTSIDE and ours[0][1] >= LEAST_CONFIDENCE and is_near:
            return [ours[0], *sorted([*ours[1:], (OUT_OF_SCOPE, outside)], key=lambda row: -row[1])]
        return [(OUT_OF_SCOPE, max(outside, 1 - ours[0][1])), *ours]

    def write(self, folder: Path) -> None:
        """Keep everything in plain files."""
        self.regression.write(folder, "intents")
        np.save(folder / "inside.npy", self.inside)

    @classmethod
    def read(cls, folder: Path) -> IntentModel:
        """What `write` kept."""
        return cls(KernelRegression.read(folder, "intents"), np.load(folder / "inside.npy"))
