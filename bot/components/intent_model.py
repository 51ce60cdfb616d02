"""The numbers behind the intent classifier: learning, calibrating, ranking, and keeping them in two plain files."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from components.character_grams import GramTable

OUT_OF_SCOPE = "out_of_scope"
VECTOR_WEIGHT = 2.5
STRENGTH = 8.0
FOLDS = 3
TEMPERATURES = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5)
LEAST_CONFIDENCE = 0.4
LEAST_LIKENESS = 0.25

Ranking = list[tuple[str, float]]


@dataclass
class IntentModel:
    """A regression over runs of characters and sentence vectors, and the vectors of the examples in scope."""

    intents: list[str]
    table: GramTable
    gram_part: np.ndarray
    vector_part: np.ndarray
    bias: np.ndarray
    temperature: float
    known: np.ndarray

    @classmethod
    def learn(cls, texts: list[str], vectors: np.ndarray, labels: list[str]) -> IntentModel:
        """Fit on all examples; the temperature is the one that held-out folds like best."""
        table = GramTable.learn(texts)
        features = _features(table.rows(texts), vectors)
        regression = _fit(features, labels)
        size = len(table.columns)
        inside = np.array([label != OUT_OF_SCOPE for label in labels])
        return cls(
            intents=[str(name) for name in regression.classes_],
            table=table,
            gram_part=regression.coef_[:, :size].T.astype(np.float32).copy(),
            vector_part=(regression.coef_[:, size:] * VECTOR_WEIGHT).astype(np.float32),
            bias=regression.intercept_.astype(np.float32),
            temperature=_best_temperature(features, np.array(labels)),
            known=vectors[inside].astype(np.float32),
        )

    def rank(self, text: str, vector: np.ndarray) -> Ranking:
        """All intents with their confidence, best first; `out_of_scope` first where nothing is sure or near enough."""
        confidences = _softmax(self._scores(text, vector) / self.temperature)
        ranking = sorted(zip(self.intents, confidences.tolist(), strict=True), key=lambda row: -row[1])
        name, confidence = ranking[0]
        if name == OUT_OF_SCOPE or (
            confidence >= LEAST_CONFIDENCE and self.likeness(vector) >= LEAST_LIKENESS
        ):
            return ranking
        return [(OUT_OF_SCOPE, 1 - confidence), *(row for row in ranking if row[0] != OUT_OF_SCOPE)]

    def likeness(self, vector: np.ndarray) -> float:
        """How near the nearest example in scope is: 1 is the same sentence."""
        return float((self.known @ vector).max())

    def _scores(self, text: str, vector: np.ndarray) -> np.ndarray:
        columns, values = self.table.row(text)
        scores: np.ndarray = values @ self.gram_part[columns] + self.vector_part @ vector + self.bias
        return scores

    def write(self, folder: Path) -> None:
        """Keep everything in two files."""
        words = {
            "intents": self.intents,
            "columns": list(self.table.columns),
            "temperature": self.temperature,
        }
        (folder / "intents.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        np.savez(
            folder / "intents.npz",
            weights=self.table.weights,
            gram_part=self.gram_part,
            vector_part=self.vector_part,
            bias=self.bias,
            known=self.known.astype(np.float16),
        )

    @classmethod
    def read(cls, folder: Path) -> IntentModel:
        """What `write` kept."""
        words = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        with np.load(folder / "intents.npz") as numbers:
            return cls(
                intents=words["intents"],
                table=GramTable({gram: at for at, gram in enumerate(words["columns"])}, numbers["weights"]),
                gram_part=numbers["gram_part"],
                vector_part=numbers["vector_part"],
                bias=numbers["bias"],
                temperature=words["temperature"],
                known=numbers["known"].astype(np.float32),
            )


def _features(grams: csr_matrix, vectors: np.ndarray) -> csr_matrix:
    return hstack([grams, csr_matrix(vectors * VECTOR_WEIGHT)]).tocsr()


def _fit(features: csr_matrix, labels: list[str]) -> LogisticRegression:
    regression = LogisticRegression(C=STRENGTH, class_weight=_weights(labels), max_iter=60, tol=1e-2)
    return regression.fit(features, labels)


def _weights(labels: list[str]) -> dict[str, float]:
    """Small intents count more than their size, large ones less; half the way to all being equal."""
    return {label: (len(labels) / count) ** 0.5 for label, count in Counter(labels).items()}


def _best_temperature(features: csr_matrix, labels: np.ndarray) -> float:
    """The temperature with the least loss on folds that the regression has not seen."""
    scores: list[np.ndarray] = []
    right: list[np.ndarray] = []
    for learn, test in StratifiedKFold(FOLDS, shuffle=True, random_state=7).split(features, labels):
        regression = _fit(features[learn], labels[learn].tolist())
        scores.append(regression.decision_function(features[test]))
        right.append(np.searchsorted(regression.classes_, labels[test]))
    all_scores, all_right = np.vstack(scores), np.concatenate(right)
    return min(TEMPERATURES, key=lambda value: _loss(all_scores / value, all_right))


def _loss(scores: np.ndarray, right: np.ndarray) -> float:
    return float(-np.log(_softmax(scores)[np.arange(len(right)), right] + 1e-9).mean())


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
