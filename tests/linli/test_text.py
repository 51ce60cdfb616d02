"""Words from outside are made safe: whatever comes, what is stored is valid, visible, and short enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.text import TextRefused, check_text, clean_text, plain_number, words_for_bot

ANY_TEXT = st.text(st.characters(exclude_categories=[]))


@given(ANY_TEXT)
def test_what_is_kept_can_be_stored_and_is_clean_already(raw: str) -> None:
    text = clean_text(raw)
    assert "\x00" not in text
    text.encode("utf-8")
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  电梯坏了 \r\n 快来 ", "电梯坏了 \n 快来"),
        ("a\x00b\x07c", "abc"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("abc\u202etxt.exe", "abctxt.exe"),
        ("zero\u200bwidth", "zerowidth"),
        ("abc\u061ctxt.exe", "abctxt.exe"),
        ("a\u3164b\u2800c\uffa0d", "abcd"),
        ("\u200d \ufe0f/report", "/report"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("👨\u200d👩\u200d👧 一家", "👨\u200d👩\u200d👧 一家"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("Z" + "\u0335" * 40 + "algo", "Z" + "\u0335" * 2 + "algo"),
    ],
)
def test_marks_that_lie_are_taken_out_and_the_rest_stays(raw: str, kept: str) -> None:
    assert clean_text(raw) == kept


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "empty"),
        (" \u200b\n", "empty"),
        ("\u200d\u3164 \ufe0f", "empty"),
        ("长" * 5001, "too_long"),
        ("a" * 100_000, "too_long"),
    ],
)
def test_empty_and_endless_words_are_refused(raw: str, reason: str) -> None:
    with pytest.raises(TextRefused) as refused:
        check_text(raw)
    assert refused.value.reason == reason


@pytest.mark.parametrize("typed", ['/report_need{"a": 1}', "//restart", "／affirm", " /back"])
def test_a_command_loses_its_slash(typed: str) -> None:
    assert not words_for_bot(typed).startswith(("/", "／", " "))


@pytest.mark.parametrize(
    ("value", "written"), [(2.0, "2"), (1.5, "1.5"), (3, "3"), ("2.0", "2.0"), (True, "True")]
)
def test_a_whole_number_is_written_without_its_zero(value: object, written: str) -> None:
    assert str(plain_number(value)) == written
