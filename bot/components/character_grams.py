"""What a sentence is made of, counted: Chinese in runs of one to three, Latin words whole, in pairs, in parts.

Where a piece begins and ends is counted too: "吗" at the end asks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections import Counter as Counts
from functools import lru_cache
from itertools import pairwise
from math import log

import numpy as np
from scipy.sparse import csr_matrix

_PIECES = re.compile(r"[a-z0-9']+|[^\sa-z0-9']+")
_LATIN = re.compile(r"[a-z0-9']+")


@lru_cache(maxsize=1)
def grams(text: str) -> Counts[str]:
    """How often each run occurs in a normal text; several tables ask about the same one, and leave it as it is."""
    counts: Counts[str] = Counter()
    words: list[str] = []
    for piece in _PIECES.findall(text):
        if _LATIN.match(piece):
            words.append(piece)
            counts.update(f"{part}~" for part in _runs(f"^{piece}$", 4, 4))
        else:
            counts.update(_runs(piece, 1, 3))
            counts.update((f"^{piece[:1]}", f"^{piece[:2]}", f"{piece[-1:]}$", f"{piece[-2:]}$"))
    counts.update(f"{word}_" for word in words)
    counts.update(f"{first}_{second}" for first, second in pairwise(words))
    if words:
        counts.update((f"^{words[0]}_", f"^{'_'.join(words[:2])}", f"{words[-1]}_$"))
    return counts


def _runs(text: str, shortest: int, longest: int) -> list[str]:
    return [
        text[start : start + length]
        for length in range(shortest, longest + 1)
        for start in range(len(text) - length + 1)
    ]


class GramTable:
    """Weights of runs (tf-idf, each sentence of length 1), learned from examples."""

    def __init__(self, columns: dict[str, int], weights: np.ndarray) -> None:
        self.columns = columns
        self.weights = weights

    @classmethod
    def learn(cls, texts: list[str]) -> GramTable:
        """A table of the runs that at least two of these texts contain."""
        seen: Counts[str] = Counter()
        for text in texts:
            seen.update(grams(text).keys())
        columns = {
            gram: column for column, gram in enumerate(sorted(gram for gram in seen if seen[gram] > 1))
        }
        counts = np.array([seen[gram] for gram in columns], dtype=np.float64)
        weights = np.log((1 + len(texts)) / (1 + counts)) + 1
        return cls(columns, weights.astype(np.float32))

    def row(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The columns of a text and their values, of length 1 together; what was never seen is left out."""
        find = self.columns.get
        known = [(at, count) for gram, count in grams(text).items() if (at := find(gram)) is not None]
        columns = np.array([column for column, _ in known], dtype=np.intp)
        values = np.array([1 + log(count) for _, count in known]) * self.weights[columns]
        return columns, values / (np.linalg.norm(values) or 1.0)

    def rows(self, texts: list[str]) -> csr_matrix:
        """One sparse row for each text."""
        rows = [self.row(text) for text in texts]
        starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.concatenate([columns for columns, _ in rows])
        values = np.concatenate([values for _, values in rows])
        return csr_matrix((values, columns, starts), shape=(len(texts), len(self.columns)), dtype=np.float32)
