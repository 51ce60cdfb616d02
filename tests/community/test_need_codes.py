"""Codes of needs: in a sentence neither a word nor a number, and found there again."""

from __future__ import annotations

from community.needs.codes import ALPHABET, LENGTH, find_codes, make_code


def test_a_code_has_letters_and_digits() -> None:
    for _ in range(2_000):
        code = make_code()
        assert len(code) == LENGTH
        assert set(code) <= set(ALPHABET)
        assert not code.isalpha()
        assert not code.isdigit()


def test_codes_are_found_in_a_sentence() -> None:
    assert find_codes("3sccv怎么样了？还有 K7QGW。") == {"3SCCV", "K7QGW"}
    assert find_codes("电话13812345678，AB12") == set()
