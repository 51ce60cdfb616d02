"""What the files of bot/data/nlu say of an example beside its intent: the kind of need and its urgency."""

from __future__ import annotations

from typing import Any

from rasa.shared.nlu.training_data.message import Message


def told_of(example: Message) -> dict[str, Any]:
    """The `metadata` of the block in which the example stands."""
    metadata = example.get("metadata") or {}
    told: dict[str, Any] = metadata.get("intent") or metadata
    return told
