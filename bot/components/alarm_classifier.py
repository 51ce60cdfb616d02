"""Third step of understanding: danger to life is heard before everything else that a sentence may want.

Sets the intent `crisis` over what the intent classifier found. That one never learns of danger, so what does not raise
the alarm is read as whatever else it is: distress as a need, a way of speaking as small talk.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.alarm_model import AlarmModel
from components.examples import told_of
from components.learner import Learner, rows_of, spoken_examples
from components.normal_text import normal
from components.sentence_vectors import VECTOR

CRISIS = "crisis"
CLOSE_KIND = "mental_health"
EVERY = 3


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AlarmClassifier(Learner):
    """Asks the alarm model."""

    keeps = AlarmModel

    @staticmethod
    def learn(training_data: TrainingData) -> AlarmModel:
        """The model of danger, of what is close to it, and of one in three of all other examples."""
        examples = spoken_examples(training_data)
        danger = np.array([example.get(INTENT) == CRISIS for example in examples])
        close = np.array([_is_close(told_of(example)) for example in examples])
        taken = np.flatnonzero(danger | close | (np.arange(len(examples)) % EVERY == 0))
        learned = [examples[at] for at in taken]
        texts = [normal(example.get(TEXT)) for example in learned]
        return AlarmModel.learn(texts, rows_of(learned), danger[taken], close[taken])

    def read(self, message: Message) -> None:
        """Set the intent of a text that tells of danger."""
        danger = self._model.danger(normal(message.get(TEXT)), message.get(VECTOR))
        if danger < self._model.threshold:
            return
        found = {"name": CRISIS, "confidence": danger}
        others = message.get(INTENT_RANKING_KEY) or []
        message.set(INTENT, found, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [found, *others[:-1]], add_to_output=True)


def _is_close(told: dict[str, Any]) -> bool:
    return told.get("kind") == CLOSE_KIND or told.get("sounds_like") == CRISIS
