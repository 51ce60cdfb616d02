"""What the files of bot/data/nlu say beside the intents: kind and urgency of an example, and the words of the kinds."""

from __future__ import annotations

from typing import Any

from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


def told_of(example: Message) -> dict[str, Any]:
    """The `metadata` of the block in which the example stands."""
    metadata = example.get("metadata") or {}
    told: dict[str, Any] = metadata.get("intent") or metadata
    return told


def word_lists(training_data: TrainingData) -> dict[str, list[str]]:
    """The lookup tables by their names."""
    return {table["name"]: table["elements"] for table in training_data.lookup_tables}
