"""Long texts are cut to what a platform takes: nothing but white space is lost, and no sign, emoji or link is cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.render.splitting import Unit, clusters, measure, split_text

FAMILY = "👨‍👩‍👧‍👦"
FLAGS = "🇨🇳🇬🇧🇺🇳"
WAVE = "👋🏽"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
KEY = "1️⃣"
ACCENT = "e\u0301"
KOREAN = "각"
LINK = "https://linli.example.org/m/enter?t=WyJhYmMiLCIvbS9uZWVkcyJd.aB3_x-9"
SIGNS = [
    "水",
    "。",
    "a",
    " ",
    "\n",
    "\n\n",
    FAMILY,
    "🇨🇳",
    WAVE,
    SCOTLAND,
    KEY,
    ACCENT,
    KOREAN,
    "\r\n",
    "，",
    f"{LINK} ",
]

texts = st.one_of(
    st.text(), st.lists(st.sampled_from(SIGNS)).map("".join), st.text("水电\n 。👋🏽‍", max_size=300)
)
units = st.sampled_from(["characters", "bytes"])


def _bare(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=300, deadline=None)
@given(texts, st.integers(4, 60), units)
def test_parts_fit_are_not_empty_and_lose_only_white_space(text: str, longest: int, unit: Unit) -> None:
    parts = split_text(text, longest, unit)
    assert all(part and measure(part, unit) <= longest for part in parts)
    assert _bare("".join(parts)) == _bare(text)
    if measure(text.strip(), unit) <= longest:
        assert parts == ([text.strip()] if text.strip() else [])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(SIGNS)), units)
def test_no_sign_is_cut(signs: list[str], unit: Unit) -> None:
    text = "".join(signs)
    whole = [sign for sign in clusters(text) if not sign.isspace()]
    parts = split_text(text, 90, unit)  # every one of the signs fits, also in bytes
    assert [sign for part in parts for sign in clusters(part) if not sign.isspace()] == whole


@pytest.mark.parametrize(
    "sign", [FAMILY, WAVE, SCOTLAND, KEY, ACCENT, KOREAN, LINK, "🇨🇳", "각".encode().decode()]
)
def test_what_a_reader_sees_as_one_is_one(sign: str) -> None:
    assert list(clusters(f"水{sign}")) == ["水", sign]


def test_flags_are_pairs() -> None:
    assert list(clusters(FLAGS)) == ["🇨🇳", "🇬🇧", "🇺🇳"]


def test_two_thousand_and_forty_seven_bytes_hold_682_signs() -> None:
    first, second = split_text("水" * 700, 2047, "bytes")
    assert (len(first), len(second)) == (682, 18)


def test_cut_between_paragraphs_then_sentences_then_words() -> None:
    assert split_text("停水通知。\n\n明天九点到十二点停水，请储水。", 20) == [
        "停水通知。",
        "明天九点到十二点停水，请储水。",
    ]
    assert split_text("明天停水。请提前储水备用。", 9) == ["明天停水。", "请提前储水备用。"]
    assert split_text("Water is off tomorrow", 14) == ["Water is off", "tomorrow"]


def test_a_link_moves_to_the_next_part_whole() -> None:
    assert split_text(f"请看这个页面上的说明{LINK}", 75) == ["请看这个页面上的说明", LINK]


def test_a_sign_that_alone_is_too_long_is_cut_between_code_points() -> None:
    parts = split_text("a" + "\u0301" * 30, 10, "bytes")
    assert "".join(parts) == "a" + "\u0301" * 30
    assert all(measure(part, "bytes") <= 10 for part in parts)
