"""When what was found in a sentence counts as what was meant there."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from evaluation.scoring import Score
from evaluation.spans import Same, numbered_place, same_number, same_place, same_words, score


@pytest.mark.parametrize(
    ("same", "meant", "found", "right"),
    [
        (same_number, "13812345678", "138 1234 5678", True),
        (same_number, "13812345678", "+8613812345678", True),
        (same_number, "13812345678", "13812345679", False),
        (same_words, "since last night", "last night", True),
        (same_words, "pond", "at the pond", True),
        (same_words, "从上周三起", "上周三起", True),
        (same_words, "晚上十一点", "晚上", False),
        (same_words, "昨天暴雨之后=昨天", "昨天", True),
        (same_place, "3/2/501", "3/2/501", True),
        (same_place, "3/2/501", "3/2", False),
        (same_place, "3", "13", False),
        (same_place, "东门", "东门口", True),
        (same_place, "东门", "3", False),
    ],
)
def test_what_is_the_same(same: Same, meant: str, found: str, right: bool) -> None:
    assert same(meant, found) is right


@pytest.mark.parametrize(
    ("building", "unit", "room", "form"),
    [
        ("3", "2", "501", "3/2/501"),
        ("a", None, "1803", "A//1803"),
        ("3", None, None, "3"),
        (None, None, None, ""),
    ],
)
def test_the_form_of_a_numbered_place(
    building: str | None, unit: str | None, room: str | None, form: str
) -> None:
    assert numbered_place(building, unit, room) == form


@pytest.mark.parametrize(
    ("meant", "found", "counted"),
    [
        (["3"], ["3"], Score(1, 1, 1)),
        (["3", "4"], ["3"], Score(1, 1, 2)),
        ([], ["3"], Score(0, 1, 0)),
        (["?3"], ["3"], Score(0, 0, 0)),
        (["?3"], [], Score(0, 0, 0)),
        ([], ["?楼道"], Score(0, 0, 0)),
        (["楼道里"], ["?楼道"], Score(1, 1, 1)),
        (["国庆节那天"], ["国庆节", "那天"], Score(1, 1, 1)),
        (["小区东北角"], ["围墙"], Score(0, 1, 1)),
    ],
)
def test_what_counts_as_right_found_and_meant(
    meant: Sequence[str], found: Sequence[str], counted: Score
) -> None:
    assert score([(meant, found)], same_place) == counted
