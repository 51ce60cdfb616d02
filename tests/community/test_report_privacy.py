"""Words that say who may see a report, and words that only sound like it."""

from __future__ import annotations

import pytest

from bot.actions.report_privacy import narrower, wanted_privacy
from community.needs.models import Visibility

PUBLIC, PRIVATE, CONFIDENTIAL = Visibility.PUBLIC, Visibility.PRIVATE, Visibility.CONFIDENTIAL


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("楼上总打孩子，只让社工看", CONFIDENTIAL),
        ("这事别告诉居委会", CONFIDENTIAL),
        ("不想让邻居知道", CONFIDENTIAL),
        ("请帮我保密", CONFIDENTIAL),
        ("keep this private please", CONFIDENTIAL),
        ("don't tell my neighbours", CONFIDENTIAL),
        ("only social workers, please", CONFIDENTIAL),
        ("别公示", PRIVATE),
        ("please don't make this public", PRIVATE),
        ("社工什么时候上班", None),
        ("你们会保密吗", None),
        ("居委会不让看停车合同", None),
        ("告诉邻居把杂物搬走", None),
        ("the public toilet is broken", None),
    ],
)
def test_who_may_see_it(words: str, wanted: Visibility | None) -> None:
    assert wanted_privacy(words) is wanted


@pytest.mark.parametrize(
    ("known", "wanted", "usual", "kept"),
    [
        (None, None, PUBLIC, None),
        (None, PRIVATE, PUBLIC, "private"),
        (None, PRIVATE, CONFIDENTIAL, None),
        ("confidential", PRIVATE, PUBLIC, "confidential"),
        ("private", CONFIDENTIAL, PUBLIC, "confidential"),
    ],
)
def test_it_is_only_ever_narrowed(
    known: str | None, wanted: Visibility | None, usual: Visibility, kept: str | None
) -> None:
    assert narrower(known, wanted, usual) == kept
