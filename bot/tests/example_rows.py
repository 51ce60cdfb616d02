"""What the tests of understanding share: examples in their row, as Rasa hands them on, and how near a text is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.example_likeness import ExampleLikeness, placed
from components.likeness import Likeness
from components.sentence_vectors import vectors, with_vectors

NLU = Path(__file__).parents[1] / "data/nlu"


@dataclass(frozen=True)
class ExampleRows:
    """Examples that are ready to be learned from, and what tells how near a text is to each of them."""

    data: TrainingData
    likeness: Likeness

    @classmethod
    def of(cls, *parts: str) -> ExampleRows:
        """Those in these parts of bot/data/nlu."""
        data = TrainingData()
        for part in parts:
            data = data.merge(load_data(str(NLU / part)))
        data = with_vectors(data)
        likeness = ExampleLikeness.learn(data)
        return cls(placed(data, likeness), likeness)

    def near(self, text: str) -> np.ndarray:
        """How near each is to a normal text."""
        return self.likeness.nearness(vectors([text])[0])
