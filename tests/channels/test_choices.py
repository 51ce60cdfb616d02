"""An answer by number or by a button's own words means that button, where one was offered; signs have a meaning."""

from __future__ import annotations

from typing import Any

import pytest

from channels.choices import chosen, may_choose
from channels.signs import SAD_STICKER, STICKER, read_sign

MENU = [
    {"label": "button_report_it", "payload": "/affirm"},
    {"label": "button_change", "payload": "/deny"},
    {"label": "button_add_photo", "payload": "/photo"},
]
PLACES: list[dict[str, Any]] = [
    {
        "label": "button_place",
        "payload": "/two",
        "values": {"place": {"zh": "3号楼2单元", "en": "Building 3 Unit 2"}},
    },
    {
        "label": "button_place",
        "payload": "/one",
        "values": {"place": {"zh": "3号楼1单元", "en": "Building 3 Unit 1"}},
    },
    {"label": "button_elsewhere", "payload": "/none"},
]


@pytest.mark.parametrize(
    ("words", "payload"),
    [
        ("1", "/affirm"),
        (" 2。", "/deny"),
        ("2.", "/deny"),
        ("(2)", "/deny"),
        ("２", "/deny"),
        ("②", "/deny"),
        ("1٣", None),
        ("第1۵个", None),
        ("二", "/deny"),
        ("第二个", "/deny"),
        ("选二", "/deny"),
        ("选第2个吧", "/deny"),
        ("我要第三个", "/photo"),
        ("最后一个", "/photo"),
        ("the second one", "/deny"),
        ("The first one please", "/affirm"),
        ("number 2", "/deny"),
        ("option 1", "/affirm"),
        ("2nd", "/deny"),
        ("I'll take the last one", "/photo"),
        ("对，报上去", "/affirm"),
        ("对,报上去。", "/affirm"),
        ("改一下", "/deny"),
        ("add a photo", "/photo"),
        ("4", None),
        ("12", None),
        ("2号楼", None),
        ("一楼漏水", None),
        ("对", None),
        ("?", None),
    ],
)
def test_words_beside_buttons(words: str, payload: str | None) -> None:
    assert chosen(words, MENU) == payload
    assert may_choose(words) or payload is None


@pytest.mark.parametrize(
    ("words", "payload"),
    [
        ("2", "/two"),
        ("1", "/one"),
        ("第一个", "/two"),
        ("3", "/none"),
        ("都不是", "/none"),
        ("3号", None),
        ("3号楼2单元", "/two"),
    ],
)
def test_among_places_a_number_is_the_place_of_that_number(words: str, payload: str | None) -> None:
    assert chosen(words, PLACES) == payload


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("👍", "/affirm"),
        ("👍🏻👍🏻", "/affirm"),
        ("👌", "/affirm"),
        ("❌", "/deny"),
        ("🙏🙏", "/thank"),
        ("😀😀😀", STICKER),
        ("😭", SAD_STICKER),
        ("[强]", "/affirm"),
        ("[捂脸]", STICKER),
        ("[流泪][流泪]", SAD_STICKER),
        ("🆘", None),
        ("好👍", None),
        ("电梯又坏了😡", None),
        ("%%%%", None),
        ("？", None),
        ("", None),
    ],
)
def test_signs(text: str, payload: str | None) -> None:
    assert read_sign(text) == payload
