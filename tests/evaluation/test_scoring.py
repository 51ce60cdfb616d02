"""Scores against cases that were worked out by hand."""

from __future__ import annotations

import pytest

from evaluation.scoring import (
    Pair,
    Score,
    Share,
    accuracy,
    calibration,
    calibration_error,
    confusions,
    macro_f1,
    refusal_curve,
    scores_by_label,
)

PAIRS = [("noise", "noise"), ("noise", "pets"), ("pets", "pets"), ("noise", "pets"), ("lift", "noise")]


def test_accuracy_is_what_was_found_as_meant() -> None:
    assert accuracy(PAIRS) == Share(2, 5)
    assert accuracy(PAIRS).value == pytest.approx(0.4)
    assert accuracy([]).value == 0.0


def test_each_label_has_precision_and_recall() -> None:
    scores = scores_by_label(PAIRS)
    assert scores["noise"] == Score(right=1, found=2, meant=3)
    assert scores["noise"].precision == pytest.approx(1 / 2)
    assert scores["noise"].recall == pytest.approx(1 / 3)
    assert scores["noise"].f1 == pytest.approx(0.4)
    assert scores["lift"].f1 == 0.0


def test_in_macro_f1_each_label_counts_the_same() -> None:
    assert macro_f1(PAIRS) == pytest.approx((0.4 + 0.5 + 0.0) / 3)


def test_confusions_come_most_often_first_and_without_what_was_right() -> None:
    assert confusions(PAIRS) == [(("noise", "pets"), 2), (("lift", "noise"), 1)]


@pytest.mark.parametrize(
    ("score", "f1"),
    [(Score(0, 0, 0), 1.0), (Score(0, 3, 0), 0.0), (Score(0, 0, 3), 0.0), (Score(2, 2, 2), 1.0)],
)
def test_f1_where_something_is_empty(score: Score, f1: float) -> None:
    assert score.f1 == f1


def test_calibration_compares_how_sure_with_how_often_right() -> None:
    outcomes = [(0.95, True), (0.95, True), (0.95, False), (0.15, False), (1.0, True)]
    low, high = calibration(outcomes)
    assert [low.confidence, low.right, low.count] == pytest.approx([0.15, 0.0, 1])
    assert [high.confidence, high.right, high.count] == pytest.approx([0.9625, 0.75, 4])
    assert calibration_error(outcomes) == pytest.approx((0.15 + 4 * (0.9625 - 0.75)) / 5)


def test_the_refusal_curve_goes_from_all_accepted_to_all_refused() -> None:
    points = refusal_curve(ours=[0.9, 0.8, 0.3], strange=[0.1, 0.5])
    assert points[0] == (0.0, 1.0)
    assert points[-1] == (1.0, 0.0)
    assert (1 / 3, 0.5) in points  # at 0.5: one wish refused, one stranger of two accepted


@pytest.mark.parametrize("pairs", [[], [("a", "a")]])
def test_nothing_wrong_has_no_confusions(pairs: list[Pair]) -> None:
    assert confusions(pairs) == []
