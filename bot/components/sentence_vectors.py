"""First step of understanding: a text as it is read (`normal_text.py`), and its meaning as 512 numbers.

Chinese and English are in one space (`sentence_encoder.py`). After it comes `example_likeness.py`.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from threadpoolctl import threadpool_limits

from components.normal_text import is_payload, normal
from components.sentence_encoder import SentenceEncoder

NORMAL_TEXT = "normal_text"
VECTOR = "sentence_vector"
PACKED = "vector"
TOKENS = "tokens.npy"
BATCH = 128
LONGEST = 300  # characters: more cost time and blur the meaning


@lru_cache(maxsize=1)
def encoder() -> SentenceEncoder:
    """The encoder of this process, read from disk once (0.3 s, 150 MB).

    One sentence is too little to share among threads: they would only wait for each other, actively.
    """
    threadpool_limits(1, user_api="blas")
    return SentenceEncoder()


def vectors(texts: list[str]) -> np.ndarray:
    """One row of length 1 for each of many texts."""
    short = [text[:LONGEST] for text in texts]
    return np.vstack(
        [encoder().vectors(short[start : start + BATCH]) for start in range(0, len(short), BATCH)]
    )


def packed(vector: np.ndarray) -> str:
    """The vector as it leaves Rasa: 512 numbers of two bytes, in base64."""
    return b64encode(vector.astype("<f2").tobytes()).decode("ascii")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceVectors(GraphComponent):
    """Puts the vector of each message beside its text, and packed into what Rasa answers and tells the actions.

    What it learns is which tokens the examples have most often, so that the first person does not wait for them.
    """

    def __init__(self, model_storage: ModelStorage | None = None, resource: Resource | None = None) -> None:
        self._storage, self._resource = model_storage, resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceVectors:
        """One that has not learned yet."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceVectors:
        """A component that is warm."""
        with model_storage.read_from(resource) as folder:
            encoder().expect(np.load(folder / TOKENS).tolist())
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Note the usual tokens."""
        texts = [normal(row.get(TEXT))[:LONGEST] for row in training_data.training_examples if row.get(TEXT)]
        with self._storage.write_to(self._resource) as folder:
            np.save(folder / TOKENS, encoder().usual_tokens(texts))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set normal text and vector of messages; the payload of a button needs none."""
        for message in messages:
            if message.get(TEXT) and not is_payload(message.get(TEXT)):
                text = normal(message.get(TEXT))
                vector = encoder().vector(text[:LONGEST])
                message.set(NORMAL_TEXT, text)
                message.set(VECTOR, vector)
                message.set(PACKED, packed(vector), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set both of the examples; vectors as bytes, for Rasa takes a fingerprint of each and would print arrays."""
        spoken = [example for example in training_data.training_examples if example.get(TEXT)]
        texts = [normal(example.get(TEXT)) for example in spoken]
        for example, text, vector in zip(spoken, texts, vectors(texts), strict=True):
            example.set(NORMAL_TEXT, text)
            example.set(VECTOR, vector.tobytes())
        return training_data
