"""One logistic regression over what a sentence holds: its runs of characters, its vector, and what lists say of it.

Intents, kinds of needs and danger are each told by one of these. It learns, calibrates its confidence on held-out
folds, and is kept in two plain files.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from components.character_grams import GramTable

VECTOR_WEIGHT = 2.5
STRENGTH = 8.0
FOLDS = 3
TEMPERATURES = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5)


@dataclass
class Examples:
    """Normal texts with their vectors and, a row each, whatever numbers else are known of them."""

    texts: Sequence[str]
    vectors: np.ndarray
    extra: np.ndarray

    @classmethod
    def plain(cls, texts: Sequence[str], vectors: np.ndarray) -> Examples:
        """Examples of which nothing else is known."""
        return cls(texts, vectors, np.zeros((len(texts), 0), dtype=np.float32))


@dataclass
class TextRegression:
    """Weights for each label, of runs (`gram_part`) and of vector and extra numbers together (`dense_part`)."""

    labels: list[str]
    table: GramTable
    gram_part: np.ndarray
    dense_part: np.ndarray
    bias: np.ndarray
    temperature: float
    held_out: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    """Confidences of the examples, each from a regression that had not seen it; known after learning alone."""

    @classmethod
    def learn(cls, examples: Examples, labels: Sequence[str]) -> TextRegression:
        """Fit on all examples; the temperature is the one that held-out folds like best."""
        table = GramTable.learn(list(examples.texts))
        dense = np.hstack([examples.vectors * VECTOR_WEIGHT, examples.extra])
        features = hstack([table.rows(list(examples.texts)), csr_matrix(dense)]).tocsr()
        regression = _fit(features, labels)
        coefficients, bias = _of_each_label(regression)
        size = len(table.columns)
        dense_part = coefficients[:, size:].astype(np.float32)
        dense_part[:, : examples.vectors.shape[1]] *= VECTOR_WEIGHT
        scores = _held_out_scores(features, np.array(labels))
        temperature = _best_temperature(scores, np.searchsorted(regression.classes_, labels))
        return cls(
            labels=[str(name) for name in regression.classes_],
            table=table,
            gram_part=coefficients[:, :size].T.astype(np.float32).copy(),
            dense_part=dense_part,
            bias=bias.astype(np.float32),
            temperature=temperature,
            held_out=_softmax(scores / temperature),
        )

    def confidences(self, text: str, vector: np.ndarray, extra: np.ndarray | None = None) -> np.ndarray:
        """How sure each label is; together they are 1."""
        columns, values = self.table.row(text)
        dense = vector if extra is None else np.concatenate([vector, extra])
        scores = values @ self.gram_part[columns] + self.dense_part @ dense + self.bias
        return _softmax(scores / self.temperature)

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
            dense_part=self.dense_part,
            bias=self.bias,
        )

    @classmethod
    def read(cls, folder: Path, name: str) -> TextRegression:
        """What `write` kept."""
        words = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{name}.npz") as numbers:
            return cls(
                labels=words["labels"],
                table=GramTable({gram: at for at, gram in enumerate(words["columns"])}, numbers["weights"]),
                gram_part=numbers["gram_part"],
                dense_part=numbers["dense_part"],
                bias=numbers["bias"],
                temperature=words["temperature"],
            )


def _fit(features: csr_matrix, labels: Sequence[str]) -> LogisticRegression:
    regression = LogisticRegression(C=STRENGTH, class_weight=_weights(labels), max_iter=60, tol=1e-2)
    return regression.fit(features, labels)


def _of_each_label(regression: LogisticRegression) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and bias, a row for each label also where there are only two."""
    coefficients, bias = regression.coef_, regression.intercept_
    if len(regression.classes_) == 2:
        return np.vstack([-coefficients, coefficients]) / 2, np.concatenate([-bias, bias]) / 2
    return coefficients, bias


def _weights(labels: Sequence[str]) -> dict[str, float]:
    """Small labels count more than their size, large ones less; half the way to all being equal."""
    return {label: (len(labels) / count) ** 0.5 for label, count in Counter(labels).items()}


def _held_out_scores(features: csr_matrix, labels: np.ndarray) -> np.ndarray:
    """Scores of each example by a regression that was fitted without its fold."""
    scores = np.zeros((len(labels), len(np.unique(labels))))
    for learn, test in StratifiedKFold(FOLDS, shuffle=True, random_state=7).split(features, labels):
        coefficients, bias = _of_each_label(_fit(features[learn], labels[learn].tolist()))
        scores[test] = features[test] @ coefficients.T + bias
    return scores


def _best_temperature(scores: np.ndarray, right: np.ndarray) -> float:
    """The temperature with the least loss on held-out scores."""
    return min(TEMPERATURES, key=lambda value: _loss(scores / value, right))


def _loss(scores: np.ndarray, right: np.ndarray) -> float:
    return float(-np.log(_softmax(scores)[np.arange(len(right)), right] + 1e-9).mean())


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    probabilities: np.ndarray = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities
