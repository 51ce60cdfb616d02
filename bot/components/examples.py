"""The examples of bot/data/nlu as they are learned from, and what the files say beside the intents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.message_parts import KNOWN, PLACE, VECTOR


def spoken_examples(training_data: TrainingData) -> list[Message]:
    """The examples that have a vector, in an order that is not the folder's: what is held out must not hang on that."""
    spoken = [example for example in training_data.intent_examples if example.get(VECTOR) is not None]
    return sorted(spoken, key=lambda example: (example.get(TEXT), example.get(INTENT)))


def rows_of(examples: Sequence[Message], what: str = KNOWN) -> np.ndarray:
    """A row of numbers for each of them."""
    return np.vstack([np.frombuffer(example.get(what), dtype=np.float32) for example in examples])


def places_of(examples: Sequence[Message]) -> np.ndarray:
    """Where they stand among all examples."""
    return np.array([example.get(PLACE) for example in examples], dtype=np.intp)


def told_of(example: Message) -> dict[str, Any]:
    """The `metadata` of the block in which the example stands."""
    metadata = example.get("metadata") or {}
    told: dict[str, Any] = metadata.get("intent") or metadata
    return told


def word_lists(training_data: TrainingData) -> dict[str, list[str]]:
    """The lookup tables by their names."""
    return {table["name"]: table["elements"] for table in training_data.lookup_tables}
