"""Finding the answer to a question: the nearest way of asking by its vector, and how much of the words is covered.

Some hundreds of entries fit into memory, so numpy looks at all of them. How near is near enough was measured on
questions that nobody had in mind here: tests/community/answers/test_threshold.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from community.answers.grams import grams
from community.parties.models import PartyType

SIZE = 512
WORDS_COUNT = 0.5
"""What covered words count beside the vector, which counts the rest."""
SURE = 0.62
"""From this score on an answer is given."""
POSSIBLE = 0.45
"""From this score on an entry is offered by a button."""
NEAR = 0.04
"""Two scores that differ by less are asked about."""

Matrix = NDArray[np.float32]
Names = dict[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """An entry as the search holds it, in both languages."""

    id: UUID
    code: str
    topic: str
    title: Names
    answer: Names
    source: Names
    checked_on: date
    office: PartyType | None
    phones: tuple[str, ...]
    buttons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A way of asking: which entry it belongs to (by position), its words, its vector."""

    entry: int
    words: str
    vector: bytes | None


@dataclass(frozen=True, slots=True)
class Match:
    """An entry, and how well it fits, about 0 to 1."""

    entry: Known
    score: float


class Answers:
    """All answers that hold for one community, ready to be searched."""

    def __init__(self, entries: Sequence[Known], asked: Sequence[Asked]) -> None:
        self.entries = entries
        self._asked = [row for row in asked if row.vector is not None]
        self._vectors = read_vectors([row.vector or b"" for row in self._asked])
        self._owners = np.array([row.entry for row in self._asked], dtype=np.intp)
        self._pieces = [_pieces_of(entry, number, asked) for number, entry in enumerate(entries)]
        self._rarity = _rarity(self._pieces)

    def get(self, code: str) -> Known | None:
        """The entry of this code."""
        return next((entry for entry in self.entries if entry.code == code), None)

    def find(self, words: str, vector: bytes | None, most: int = 3) -> list[Match]:
        """The entries that fit best, best first. Without a vector the words alone decide."""
        if not self.entries:
            return []
        covered = self._cover(words)
        if vector is None:
            scores = covered * WORDS_COUNT
        else:
            scores = covered * WORDS_COUNT + self._nearest(vector) * (1 - WORDS_COUNT)
        best = np.argsort(-scores, kind="stable")[:most]
        return [Match(self.entries[at], float(scores[at])) for at in best]

    def _nearest(self, vector: bytes) -> Matrix:
        """For each entry the cosine of its nearest way of asking."""
        nearest = np.zeros(len(self.entries), dtype=np.float32)
        if self._asked:
            np.maximum.at(nearest, self._owners, self._vectors @ read_vectors([vector])[0])
        return nearest

    def _cover(self, words: str) -> Matrix:
        """For each entry how much of the question's words it knows; rare words count more, unknown ones most."""
        wanted = grams(words)
        unknown = log(1 + len(self.entries))
        weights = {piece: self._rarity.get(piece, unknown) for piece in wanted}
        whole = sum(weights.values()) or 1.0
        known = [sum(weights[piece] for piece in wanted & pieces) / whole for pieces in self._pieces]
        return np.array(known, dtype=np.float32)


def read_vectors(packed: Sequence[bytes]) -> Matrix:
    """Vectors as they are stored, one a row."""
    return np.frombuffer(b"".join(packed), dtype=np.float16).astype(np.float32).reshape(-1, SIZE)


def _pieces_of(entry: Known, number: int, asked: Sequence[Asked]) -> set[str]:
    own = [row.words for row in asked if row.entry == number]
    return set().union(*(grams(words) for words in (*own, *entry.title.values())))


def _rarity(pieces: Sequence[set[str]]) -> dict[str, float]:
    counts = Counter(piece for own in pieces for piece in own)
    return {piece: log(1 + len(pieces) / count) for piece, count in counts.items()}
