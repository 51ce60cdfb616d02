"""Words of danger, sort by sort, and words that take the danger out of others: the floor under the alarm model.

The words are in `danger_words.txt`. A sort is one number for the model and no alarm by itself; what `is_told_plainly`
finds is one, whatever the model thinks.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from components.words_by_sort import read_sorts

_SORTS = read_sorts(Path(__file__).with_suffix(".txt"))
_NOT_MEANT = _SORTS.pop("not meant")
_PLAIN = _SORTS.pop("plain")
_PLAIN_UNLESS_CALM = _SORTS.pop("plain unless calm")


def heard(text: str) -> str:
    """The normal text without what is only said like danger."""
    return _NOT_MEANT.taken_out(text)


def counts(text: str) -> np.ndarray:
    """Of each sort, whether a text that is `heard` has words of it; of the missing, only where it is a person."""
    found = {name: words.are_in(text) for name, words in _SORTS.items()}
    found["missing"] = found["missing"] and found["person"]
    return np.array(list(found.values()), dtype=np.float32)


def is_told_plainly(text: str) -> bool:
    """True for danger that a text, as it is `heard`, tells in so many words."""
    return _PLAIN.are_in(text) or (_PLAIN_UNLESS_CALM.are_in(text) and not _SORTS["calm"].are_in(text))
