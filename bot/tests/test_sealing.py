"""Rasa's rows: sealed in the format of the app, opened by no other key, and nothing is kept plain without keys."""

from __future__ import annotations

import pytest

from components.sealing import TrackerKeys, TrackersClosed

# The same as in tests/linli/test_sealing.py, where the app lends this key and opens this value.
LENT_KEY = "known:OEs2X7O2skXpn3AjS9CjeBH2orTd9PPb0PmjI77p0RQ="
KNOWN = "sealed:1:known:XufhGHScCgWfHOw4RylpgbHEpBkoJbrGl1P_uUoj29ZnuiqGYTcQnrf1Jz4AotYjWtG46CphHnWUcYJojQ0="
STATE = {"slots": {"words": "我睡不着"}}
OTHER_KEY = "other:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


def test_what_the_app_sealed_is_opened_and_the_other_way_round() -> None:
    keys = TrackerKeys(LENT_KEY)
    assert keys.open(KNOWN) == STATE
    assert keys.open(keys.seal(STATE)) == STATE
    assert "睡" not in keys.seal(STATE)


def test_the_first_key_seals_and_all_open() -> None:
    keys = TrackerKeys(f"{OTHER_KEY},{LENT_KEY}")
    assert keys.open(KNOWN) == STATE
    assert keys.seal(STATE).startswith("sealed:1:other:")


def test_a_row_of_the_time_before_is_plain() -> None:
    assert TrackerKeys(LENT_KEY).open(STATE) == STATE


@pytest.mark.parametrize("listed", ["", OTHER_KEY, OTHER_KEY.replace("other", "known")])
def test_another_key_opens_nothing_and_says_nothing(listed: str) -> None:
    with pytest.raises(TrackersClosed) as refused:
        TrackerKeys(listed).open(KNOWN)
    assert "XufhGH" not in str(refused.value)


def test_without_keys_nothing_is_sealed() -> None:
    with pytest.raises(TrackersClosed, match="LINLI_TRACKER_KEYS is not set"):
        TrackerKeys("").seal(STATE)
