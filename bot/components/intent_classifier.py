"""Second step of understanding: which intent a sentence has, how sure that is, and whether it is our business at all.

Reads the sentence's vector and its runs of characters, answers with a ranking for the rules and for the fallback's
guesses. One regression by likeness over both kinds of features; its confidence is calibrated on held-out folds, and a
sentence that is far from all examples is out of scope however sure the regression is.
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

from components.intent_model import IntentModel
from components.normal_text import is_payload, normal
from components.sentence_vectors import VECTOR

RANKED = 4
CRISIS = "crisis"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent):
    """Rasa's side of the intent model: trains it, keeps it in Rasa's model file, asks it."""

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, model: IntentModel | None = None
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
    ) -> IntentClassifier:
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
    ) -> IntentClassifier:
        """The classifier as `train` left it."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, IntentModel.read(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples of bot/data/nlu and keep what was learned; danger has a model of its own."""
        examples = [
            example
            for example in training_data.intent_examples
            if example.get(VECTOR) is not None and example.get(INTENT) != CRISIS
        ]
        texts = [normal(example.get(TEXT)) for example in examples]
        rows = np.vstack([example.get(VECTOR) for example in examples])
        self._model = IntentModel.learn(texts, rows, [example.get(INTENT) for example in examples])
        with self._storage.write_to(self._resource) as folder:
            self._model.write(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking; Rasa itself reads the payload of a button."""
        for message in messages:
            if message.get(TEXT) and not is_payload(message.get(TEXT)):
                self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        assert self._model is not None
        ranking = [
            {"name": name, "confidence": confidence}
            for name, confidence in self._model.rank(normal(message.get(TEXT)), message.get(VECTOR))
        ]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking[:RANKED], add_to_output=True)
