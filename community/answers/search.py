"""Finding the answer to a question: by the vectors of all ways of asking, and by how much of the words is covered.

Some hundreds of entries fit into memory, so numpy looks at all of them. The figures here were set on questions that
are not in the file, half of tests/dialogue/questions.yml; test_answers.py beside it holds what they reach on the rest.
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
NEAREST, NEAR, WORDS = 0.2, 0.6, 0.2
"""What counts for an entry: its nearest way of asking, the mean of its three nearest, the words that it covers."""
NEAR_ONES = 3
LEAD_COUNTS = 3.0
"""An entry is surer where it fits much better than the next: a question that nobody thought of fits many a little."""
SAME, TIED = 0.85, 0.03
"""Entries that are asked in nearly the words of the question, one as near as the other, are asked about."""
SURE = 0.74
"""From this on an answer is given without asking back."""
POSSIBLE = 0.4
"""An entry that fits so well may be meant, and is offered by a button."""
UNKNOWN = "unknown"
"""The topic of what a community cannot answer: such an entry draws questions away from the others and says nothing."""

Vector = NDArray[np.float32]
Names = dict[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """An entry as the search holds it, in both languages; `answer` is one bubble after the other."""

    id: UUID
    code: str
    topic: str
    title: Names
    answer: tuple[Names, ...]
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
    """An entry, how well it fits (0 to 1), and how sure it is that this one is meant and no other."""

    entry: Known
    fit: float
    sureness: float


class Answers:
    """All answers that hold for one community, ready to be searched."""

    def __init__(self, entries: Sequence[Known], asked: Sequence[Asked]) -> None:
        self.entries = entries
        measured = sorted((row for row in asked if row.vector is not None), key=lambda row: row.entry)
        self._vectors = read_vectors([row.vector or b"" for row in measured])
        owners = np.array([row.entry for row in measured], dtype=np.intp)
        self._ends = np.searchsorted(owners, np.arange(len(entries) + 1))
        self._pieces = _pieces_of(entries, asked)
        self._rarity = _rarity(self._pieces)

    def get(self, code: str) -> Known | None:
        """The entry of this code."""
        return next((entry for entry in self.entries if entry.code == code), None)

    def find(self, words: str, vector: bytes | None, most: int = 3) -> list[Match]:
        """The entries that fit best, best first. Without a vector words alone count, and nothing is sure."""
        if not self.entries:
            return []
        covered = self._cover(words)
        if vector is None:
            return [Match(self.entries[at], float(covered[at]), 0.0) for at in _best(covered)[:most]]
        nearest, near = self._measure(read_vectors([vector])[0])
        fits = NEAREST * nearest + NEAR * near + WORDS * covered
        tied = np.flatnonzero(nearest >= max(float(nearest.max()) - TIED, SAME))
        if len(tied) > 1:
            return [Match(self.entries[at], float(nearest[at]), 0.0) for at in tied[:most]]
        order = _best(fits)
        lead = float(fits[order[0]] - fits[order[1]]) if len(order) > 1 else 0.0
        sureness = [float(fits[order[0]]) + LEAD_COUNTS * lead, *[0.0] * most]
        return [
            Match(self.entries[at], float(fits[at]), sure)
            for at, sure in zip(order[:most], sureness, strict=False)
        ]

    def _measure(self, vector: Vector) -> tuple[Vector, Vector]:
        """For each entry the cosine of its nearest way of asking, and the mean of its nearest ones."""
        cosines = self._vectors @ vector
        measured = np.zeros((2, len(self.entries)), dtype=np.float32)
        for at in range(len(self.entries)):
            near = np.sort(cosines[self._ends[at] : self._ends[at + 1]])[-NEAR_ONES:]
            if near.size:
                measured[:, at] = near[-1], near.mean()
        return measured[0], measured[1]

    def _cover(self, words: str) -> Vector:
        """For each entry how much of the question's words it knows; rare words count more, unknown ones most."""
        wanted = grams(words)
        unknown = log(1 + len(self.entries))
        weights = {piece: self._rarity.get(piece, unknown) for piece in wanted}
        whole = sum(weights.values()) or 1.0
        known = [sum(weights[piece] for piece in wanted & pieces) / whole for pieces in self._pieces]
        return np.array(known, dtype=np.float32)


def _best(scores: Vector) -> NDArray[np.intp]:
    """Positions, the best first."""
    return np.argsort(-scores, kind="stable")


def read_vectors(packed: Sequence[bytes]) -> Vector:
    """Vectors as they are stored, one a row."""
    return np.frombuffer(b"".join(packed), dtype=np.float16).astype(np.float32).reshape(-1, SIZE)


def _pieces_of(entries: Sequence[Known], asked: Sequence[Asked]) -> list[set[str]]:
    """For each entry the pieces of its titles and of all ways of asking for it."""
    pieces = [grams(" ".join(entry.title.values())) for entry in entries]
    for row in asked:
        pieces[row.entry] |= grams(row.words)
    return pieces


def _rarity(pieces: Sequence[set[str]]) -> dict[str, float]:
    counts = Counter(piece for own in pieces for piece in own)
    return {piece: log(1 + len(pieces) / count) for piece, count in counts.items()}
