"""Fourth step of understanding: danger to life is heard before everything else that a sentence may want.

Sets the intent `crisis` over what the intent classifier found. That one never learns of danger, so what does not raise
the alarm is read as whatever else it is: distress as a need, a way of speaking as small talk.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.alarm_model import AlarmModel
from components.examples import places_of, rows_of, spoken_examples, told_of
from components.learner import Learner
from components.message_parts import NEARNESS, NORMAL_TEXT

CRISIS = "crisis"
CLOSE_KIND = "mental_health"
SHARE = 1 / 3
"""So much of what is neither danger nor marked as close to it is learned: what is most like danger."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AlarmClassifier(Learner):
    """Asks the alarm model."""

    keeps = AlarmModel

    @staticmethod
    def learn(training_data: TrainingData) -> AlarmModel:
        """The model of danger, of what is close to it, and of the third of all other examples that is nearest."""
        examples = spoken_examples(training_data)
        danger = np.array([example.get(INTENT) == CRISIS for example in examples])
        close = np.array([_is_close(told_of(example)) for example in examples])
        rows = rows_of(examples)
        taken = np.flatnonzero(danger | close | _are_near(rows, danger))
        texts = [examples[at].get(NORMAL_TEXT) for at in taken]
        return AlarmModel.learn(texts, rows[taken], places_of(examples)[taken], danger[taken], close[taken])

    def read(self, message: Message) -> None:
        """Set the intent of a text that tells of danger."""
        danger = self._model.danger(message.get(NORMAL_TEXT), message.get(NEARNESS))
        if danger < self._model.threshold:
            return
        found = {"name": CRISIS, "confidence": danger}
        others = message.get(INTENT_RANKING_KEY) or []
        message.set(INTENT, found, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [found, *others[:-1]], add_to_output=True)


def _is_close(told: dict[str, Any]) -> bool:
    return told.get("kind") == CLOSE_KIND or told.get("sounds_like") == CRISIS


def _are_near(rows: np.ndarray, danger: np.ndarray) -> np.ndarray:
    """Whether an example's meaning is as near to one of danger as the nearest third of all others is."""
    likeness = (rows @ rows[danger].T).max(axis=1)
    near: np.ndarray = likeness >= np.quantile(likeness[~danger], 1 - SHARE)
    return near
