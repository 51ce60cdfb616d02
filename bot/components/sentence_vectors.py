"""First step of understanding: a text as it is read (`normal_text.py`), and its meaning as 512 numbers.

Chinese and English are in one space (`sentence_encoder.py`). After it comes `example_likeness.py`.
"""

from __future__ import annotations

import os
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from threadpoolctl import threadpool_limits

from components.learner import Learner
from components.message_parts import NORMAL_TEXT, PACKED, VECTOR
from components.normal_text import normal
from components.sentence_encoder import SentenceEncoder

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
    """One row of length 1 for each of many texts; batches are read side by side."""
    short = [text[:LONGEST] for text in texts]
    batches = [short[start : start + BATCH] for start in range(0, len(short), BATCH)]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return np.vstack(list(threads.map(encoder().vectors, batches)))


def packed(vector: np.ndarray) -> str:
    """The vector as it leaves Rasa: 512 numbers of two bytes, in base64."""
    return b64encode(vector.astype("<f2").tobytes()).decode("ascii")


@dataclass(frozen=True)
class UsualTokens:
    """The tokens that the examples have most often, so that the first person does not wait for them."""

    tokens: np.ndarray

    def write(self, folder: Path) -> None:
        """Keep their numbers."""
        np.save(folder / TOKENS, self.tokens)

    @classmethod
    def read(cls, folder: Path) -> UsualTokens:
        """Those that were kept; the encoder knows them from now on."""
        usual = cls(np.load(folder / TOKENS))
        encoder().expect(usual.tokens.tolist())
        return usual


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceVectors(Learner):
    """Puts the vector of each message beside its text, and packed into what Rasa answers and tells the actions."""

    keeps = UsualTokens

    @staticmethod
    def learn(training_data: TrainingData) -> UsualTokens:
        """The usual tokens of the examples."""
        texts = [normal(example.get(TEXT))[:LONGEST] for example in _spoken(training_data)]
        return UsualTokens(np.array(encoder().usual_tokens(texts)))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set normal text and vector of each example."""
        return with_vectors(training_data)

    def read(self, message: Message) -> None:
        """Set both of a text."""
        text = normal(message.get(TEXT))
        vector = encoder().vector(text[:LONGEST])
        message.set(NORMAL_TEXT, text)
        message.set(VECTOR, vector)
        message.set(PACKED, packed(vector), add_to_output=True)


def with_vectors(training_data: TrainingData) -> TrainingData:
    """The examples with both; vectors as bytes, for Rasa takes a fingerprint of each and would print arrays."""
    spoken = _spoken(training_data)
    texts = [normal(example.get(TEXT)) for example in spoken]
    for example, text, vector in zip(spoken, texts, vectors(texts), strict=True):
        example.set(NORMAL_TEXT, text)
        example.set(VECTOR, vector.tobytes())
    return training_data


def _spoken(training_data: TrainingData) -> list[Message]:
    return [example for example in training_data.training_examples if example.get(TEXT)]
