"""Scores: accuracy, macro F1, confusions, spans, calibration, and what is refused at which threshold. Numbers only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """Between 0 and 1; 0 of nothing is 0."""
        return self.hits / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 of things found against things meant."""

    right: int
    found: int
    meant: int

    @property
    def precision(self) -> float:
        """Of what was found, how much was meant."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Of what was meant, how much was found."""
        return self.right / self.meant if self.meant else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both; 1 where nothing was meant and nothing found."""
        return 2 * self.right / (self.found + self.meant) if self.found + self.meant else 1.0


def share(happened: Iterable[bool]) -> Share:
    """How often something happened."""
    outcomes = list(happened)
    return Share(sum(outcomes), len(outcomes))


def accuracy(pairs: Iterable[Pair]) -> Share:
    """How often what was found is what was meant; pairs are (meant, found)."""
    return share(meant == found for meant, found in pairs)


def scores_by_label(pairs: Sequence[Pair]) -> dict[str, Score]:
    """The score of every label that was meant."""
    right = Counter(meant for meant, found in pairs if meant == found)
    found_at_all = Counter(found for _, found in pairs)
    meant_at_all = Counter(meant for meant, _ in pairs)
    return {
        label: Score(right[label], found_at_all[label], meant_at_all[label]) for label in sorted(meant_at_all)
    }


def macro_f1(pairs: Sequence[Pair]) -> float:
    """The mean of the labels' F1, each label counting the same."""
    scores = scores_by_label(pairs)
    return sum(score.f1 for score in scores.values()) / len(scores) if scores else 0.0


def confusions(pairs: Iterable[Pair]) -> list[tuple[Pair, int]]:
    """What was taken for what, most often first."""
    wrong = Counter(pair for pair in pairs if pair[0] != pair[1])
    return sorted(wrong.items(), key=lambda item: (-item[1], item[0]))


@dataclass(frozen=True, slots=True)
class Bin:
    """Sentences of about the same confidence: how sure the bot was on the average, and how often right."""

    confidence: float
    right: float
    count: int


def calibration(outcomes: Sequence[tuple[float, bool]], bins: int = 10) -> list[Bin]:
    """Confidence against accuracy in equal steps of confidence; empty steps are left out."""
    steps: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, right in outcomes:
        steps[min(int(confidence * bins), bins - 1)].append((confidence, right))
    return [
        Bin(sum(c for c, _ in step) / len(step), sum(r for _, r in step) / len(step), len(step))
        for step in steps
        if step
    ]


def calibration_error(outcomes: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Mean distance of confidence and accuracy, weighted by how many (ECE)."""
    total = len(outcomes)
    return sum(step.count * abs(step.confidence - step.right) for step in calibration(outcomes, bins)) / max(
        total, 1
    )


def refusal_curve(ours: Sequence[float], strange: Sequence[float]) -> list[tuple[float, float]]:
    """(share of ours refused, share of the strange accepted) at every threshold of a confidence to be ours."""
    marks = sorted({0.0, *ours, *strange, 1.01})
    return [
        (share(value < mark for value in ours).value, share(value >= mark for value in strange).value)
        for mark in marks
    ]
