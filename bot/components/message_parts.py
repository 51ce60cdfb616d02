"""Under which names the steps of understanding leave beside a message what the steps after them read."""

from __future__ import annotations

NORMAL_TEXT = "normal_text"
"""The text as it is read (`normal_text.py`)."""
VECTOR = "sentence_vector"
"""Its meaning: 512 numbers of length 1; of an example as bytes."""
PACKED = "vector"
"""The same as it leaves Rasa: numbers of two bytes, in base64."""
KNOWN, PLACE = "known", "place"
"""Of an example: its row along the main directions of all, and its place among them (`example_likeness.py`)."""
NEARNESS = "nearness"
"""Of a text: how near each example is."""
