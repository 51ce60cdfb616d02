"""Last step of understanding: what kind of need a sentence tells of, and how soon it must be looked at.

Puts `"need": {"kind", "confidence", "urgency"}` beside the intent, for every text. It means something where the intent
is about a need. Learns from the examples in bot/data/nlu/report/<kind>.yml, where a kind also has its words, and its
urgency when that is not normal.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.examples import told_of, word_lists
from components.kind_model import PRIVATE, KindModel
from components.kind_words import KindWords
from components.normal_text import is_payload, normal
from components.sentence_vectors import VECTOR
from components.urgency import CRISIS, NORMAL, URGENT, is_pressing

NEED = "need"
DANGER = "crisis"
LEAST_PRIVATE = 0.35  # what nobody can place is not therefore a matter of the mind

Told = dict[str, Any]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NeedClassifier(GraphComponent):
    """Rasa's side of the kind model: trains it, keeps it in Rasa's model file, asks it."""

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        model: KindModel | None = None,
        urgencies: dict[str, str] | None = None,
    ) -> None:
        self._storage = model_storage
        self._resource = resource
        self._model = model
        self._urgencies = urgencies or {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NeedClassifier:
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
    ) -> NeedClassifier:
        """The classifier as `train` left it."""
        with model_storage.read_from(resource) as folder:
            urgencies = json.loads((folder / "urgencies.json").read_text(encoding="utf-8"))
            return cls(model_storage, resource, KindModel.read(folder), urgencies)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that name their kind, and from the lists of words."""
        self._model = learn_kinds(training_data)
        told = [told_of(example) for example in training_data.intent_examples]
        self._urgencies = {row["kind"]: row["urgency"] for row in told if "urgency" in row}
        with self._storage.write_to(self._resource) as folder:
            self._model.write(folder)
            (folder / "urgencies.json").write_text(json.dumps(self._urgencies), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the need of each text; the payload of a button tells of none."""
        for message in messages:
            if message.get(TEXT) and not is_payload(message.get(TEXT)):
                message.set(NEED, self._need(message), add_to_output=True)
        return messages

    def _need(self, message: Message) -> Told:
        assert self._model is not None
        text = normal(message.get(TEXT))
        ranking = self._model.rank(text, message.get(VECTOR))
        if self._model.is_private(text):
            kind, confidence = PRIVATE, dict(ranking)[PRIVATE]
        else:
            kind, confidence = next(row for row in ranking if row[0] != PRIVATE or row[1] >= LEAST_PRIVATE)
        return {"kind": kind, "confidence": confidence, "urgency": self._urgency(message, text, kind)}

    def _urgency(self, message: Message, text: str, kind: str) -> str:
        if (message.get(INTENT) or {}).get("name") == DANGER:
            return CRISIS
        return URGENT if is_pressing(text) else self._urgencies.get(kind, NORMAL)


def learn_kinds(training_data: TrainingData) -> KindModel:
    """The model of the examples that name their kind, and of the lists of words."""
    examples = [example for example in training_data.intent_examples if told_of(example).get("kind")]
    return KindModel.learn(
        [normal(example.get(TEXT)) for example in examples],
        np.vstack([example.get(VECTOR) for example in examples]),
        [told_of(example)["kind"] for example in examples],
        KindWords(word_lists(training_data)),
    )
