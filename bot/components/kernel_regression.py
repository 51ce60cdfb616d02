"""A regression by likeness: a sentence is what the examples are that it resembles, in meaning and in characters.

Kernel ridge regression of -1 and 1 on each label, solved in one step. Meaning counts by nearness (`likeness.py`),
characters count as they stand, and so does whatever else is known of a sentence (`extra`, a row of numbers each). It
trains in a third of the time of a logistic regression over the same features and is right more often
(docs/decisions/0019 says by how much).
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.linalg import cho_factor, solve_triangular
from scipy.sparse import csr_matrix, hstack
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from components.character_grams import GramTable
from components.likeness import nearness

MEANING_WEIGHT = 3.0
SMOOTHING = 0.4
FOLDS = 3
"""One of so many parts is held out, once: to set a temperature it is enough."""
ROWS = 256
"""So many are made at a time: what is beside the square stays small and warm."""
TEMPERATURES = (0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.4)


@dataclass
class KernelRegression:
    """What was learned: the say on each label of each example, of each run, and of each extra.

    `places` are those of its examples among all that a text's nearness is told of.
    """

    labels: list[str]
    table: GramTable
    gram_part: np.ndarray
    says: np.ndarray
    places: np.ndarray
    temperature: float
    extra_part: np.ndarray
    tested: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    held_out: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    """Confidences of the examples at `tested`, by a regression that had not seen them; known after learning alone."""

    @classmethod
    def learn(
        cls,
        texts: Sequence[str],
        known: np.ndarray,
        places: np.ndarray,
        labels: Sequence[str],
        extra: np.ndarray | None = None,
    ) -> KernelRegression:
        """Fit on all examples; the temperature is the one that those held out like best."""
        names, right = np.unique(np.array(labels), return_inverse=True)
        learned, tested = _split(right)
        order = np.concatenate([learned, tested])
        table = GramTable.learn(list(texts))
        extra = np.zeros((len(texts), 0)) if extra is None else extra
        grams = hstack([table.rows(list(texts)), csr_matrix(extra, dtype=np.float32)]).tocsr()[order]
        says, scores = _fit(_likeness(grams, known[order]), right[order], len(learned))
        temperature = min(TEMPERATURES, key=lambda value: _loss(scores / value, right[tested]))
        linear = np.asarray(grams.T @ says, dtype=np.float32)
        return cls(
            labels=[str(name) for name in names],
            table=table,
            gram_part=linear[: len(table.columns)],
            extra_part=linear[len(table.columns) :],
            says=MEANING_WEIGHT * says,
            places=places[order],
            temperature=temperature,
            tested=tested,
            held_out=softmax(scores / temperature),
        )

    def confidences(self, text: str, near: np.ndarray, extra: np.ndarray | None = None) -> np.ndarray:
        """How sure each label is, from the nearness of all examples; together they are 1."""
        columns, values = self.table.row(text)
        scores = values @ self.gram_part[columns] + near[self.places] @ self.says
        if extra is not None:
            scores = scores + extra @ self.extra_part
        return softmax(scores / self.temperature)

    def write(self, folder: Path, name: str) -> None:
        """Keep everything in two files of this name."""
        words = {
            "labels": self.labels,
            "columns": list(self.table.columns),
            "temperature": self.temperature,
        }
        (folder / f"{name}.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        np.savez(
            folder / f"{name}.npz",
            weights=self.table.weights,
            gram_part=self.gram_part,
            extra_part=self.extra_part,
            says=self.says,
            places=self.places,
        )

    @classmethod
    def read(cls, folder: Path, name: str) -> KernelRegression:
        """What `write` kept."""
        words = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{name}.npz") as numbers:
            return cls(
                labels=words["labels"],
                table=GramTable({gram: at for at, gram in enumerate(words["columns"])}, numbers["weights"]),
                gram_part=numbers["gram_part"],
                extra_part=numbers["extra_part"],
                says=numbers["says"],
                places=numbers["places"],
                temperature=words["temperature"],
            )


def softmax(scores: np.ndarray) -> np.ndarray:
    """Scores as shares of 1, in the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: np.ndarray = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def _likeness(grams: csr_matrix, known: np.ndarray) -> np.ndarray:
    """How much each example counts for each that comes after it: four bytes each, some rows at a time.

    It counts as much the other way round: nobody fills or asks the other half of the square.
    """
    likeness = np.empty((len(known), len(known)), dtype=np.float32)

    def fill(start: int) -> None:
        rows, after = slice(start, start + ROWS), slice(start, None)
        likeness[rows, after] = MEANING_WEIGHT * nearness(known[rows] @ known[after].T)
        likeness[rows, after] += (grams[rows] @ grams[after].T).toarray()

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        list(threads.map(fill, range(0, len(known), ROWS)))
    return likeness


def _split(right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Who is learned from first, and who is held out: one of FOLDS parts of each label."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=7)
    learned, tested = next(folds.split(right, right))
    return learned, tested


def _fit(likeness: np.ndarray, right: np.ndarray, first: int) -> tuple[np.ndarray, np.ndarray]:
    """What each example says on each label, and the scores of all but the first by a fit to the first alone.

    Both come out of one factor: its leading block is the factor of the first, and the way down through it is theirs.
    Small labels count more than their size, half the way to being equal. Takes `likeness` for itself: there is no room
    for two of them.
    """
    counts = np.bincount(right)
    shares = (len(right) / np.maximum(counts, 1)) ** 0.5
    weights = shares[right] / shares[right].mean()
    likeness[np.diag_indices_from(likeness)] += (SMOOTHING / weights).astype(np.float32)
    wanted = np.where(right[:, None] == np.arange(len(counts)), 1, -1).astype(np.float32)
    columns = likeness.T  # as LAPACK takes them without a copy: what is filled is the lower half now
    with threadpool_limits(
        os.cpu_count(), user_api="blas"
    ):  # one thread is for sentences, this is a large system
        factor, _ = cho_factor(columns, lower=True, overwrite_a=True, check_finite=False)
        down = solve_triangular(factor, wanted, lower=True, check_finite=False)
        scores: np.ndarray = factor[first:, :first] @ down[:first]
        says: np.ndarray = solve_triangular(factor, down, lower=True, trans="T", check_finite=False)
    return says, scores


def _loss(scores: np.ndarray, right: np.ndarray) -> float:
    return float(-np.log(softmax(scores)[np.arange(len(right)), right] + 1e-9).mean())
