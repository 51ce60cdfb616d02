"""Words by which people show what they want, in both languages alike; they are in `wish_words.txt`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from components.words_by_sort import read_sorts

WEIGHT = 0.4
_SORTS = read_sorts(Path(__file__).with_suffix(".txt"))


def wishes_in(text: str) -> np.ndarray:
    """Of each sort, whether a normal text has words of it."""
    return np.array([WEIGHT if words.are_in(text) else 0.0 for words in _SORTS.values()], dtype=np.float32)
