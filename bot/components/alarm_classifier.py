"""Third step of understanding: danger to life is heard before everything else that a sentence may want.

Sets the intent `crisis` over what the intent classifier found. That one never learns of danger, so what does not raise
the alarm is read as whatever else it is: distress as a need, a way of speaking as small talk.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.alarm_model import AlarmModel
from components.examples import told_of
from components.normal_text import is_payload, normal
from components.sentence_vectors import VECTOR

CRISIS = "crisis"
CLOSE_KIND = "mental_health"
EVERY = 3


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AlarmClassifier(GraphComponent):
    """Rasa's side of the alarm model: trains it, keeps it in Rasa's model file, asks it."""

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, model: AlarmModel | None = None
    ) -> None:
        self._storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AlarmClassifier:
        """An untrained classifier."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> AlarmClassifier:
        """The classifier as `train` left it."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, AlarmModel.read(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn danger from the examples of `crisis`, and quiet from all others."""
        self._model = learn_alarm(training_data)
        with self._storage.write_to(self._resource) as folder:
            self._model.write(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of messages that tell of danger."""
        for message in messages:
            if message.get(TEXT) and not is_payload(message.get(TEXT)):
                self._listen(message)
        return messages

    def _listen(self, message: Message) -> None:
        assert self._model is not None
        danger = self._model.danger(normal(message.get(TEXT)), message.get(VECTOR))
        if danger < self._model.threshold:
            return
        found = {"name": CRISIS, "confidence": danger}
        others = message.get(INTENT_RANKING_KEY) or []
        message.set(INTENT, found, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [found, *others[:-1]], add_to_output=True)


def learn_alarm(training_data: TrainingData) -> AlarmModel:
    """The model of danger, of what is close to it, and of one in three of all other examples."""
    examples = [example for example in training_data.intent_examples if example.get(VECTOR) is not None]
    danger = np.array([example.get(INTENT) == CRISIS for example in examples])
    close = np.array([_is_close(told_of(example)) for example in examples])
    taken = np.flatnonzero(danger | close | (np.arange(len(examples)) % EVERY == 0))
    return AlarmModel.learn(
        [normal(examples[at].get(TEXT)) for at in taken],
        np.vstack([examples[at].get(VECTOR) for at in taken]),
        danger[taken],
        close[taken],
    )


def _is_close(told: dict[str, Any]) -> bool:
    return told.get("kind") == CLOSE_KIND or told.get("sounds_like") == CRISIS
