"""Sealing: words come back in their own column alone, no key opens another's, and a keyring is made once for all."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from linli.sealing import (
    MARK,
    CannotOpen,
    Keyring,
    WrongKeys,
    find_encryption_keys,
    is_sealed,
    keyring,
    new_key,
    use_keyring,
)

WORDS = "我睡不着，已经两个月了。"
KNOWN_KEY = "known:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
KNOWN = "sealed:1:known:WCUW9N9lUT-azuJvB-XurRrl7D79dKnCxiqitx04ZhB6oOrq2yge6XuOkqp_yUigEXHYcSK3LFzm1K-fkDI="


@pytest.fixture(autouse=True)
def _keys_of_the_tests() -> Iterator[None]:
    kept = keyring()
    yield
    use_keyring(kept)


def test_words_come_back_and_look_different_each_time() -> None:
    ring = Keyring.parse(new_key())
    first, second = ring.seal("needs.words", WORDS), ring.seal("needs.words", WORDS)
    assert first != second
    assert is_sealed(first)
    assert first.startswith(f"{MARK}{ring.first}:")
    assert "睡" not in first
    assert ring.open("needs.words", first) == ring.open("needs.words", second) == WORDS


def test_a_value_opens_in_its_own_column_only() -> None:
    ring = Keyring.parse(new_key())
    sealed = ring.seal("needs.words", WORDS)
    with pytest.raises(CannotOpen, match=r"need_entries\.words"):
        ring.open("need_entries.words", sealed)


def test_what_was_sealed_before_is_opened_for_ever() -> None:
    assert Keyring.parse(KNOWN_KEY).open("dialogue_states.state", KNOWN) == '{"slots":{"words":"我睡不着"}}'


def test_the_first_key_seals_and_all_open() -> None:
    old, fresh = new_key(), new_key()
    sealed = Keyring.parse(old).seal("needs.words", WORDS)
    both = Keyring.parse(f"{fresh}, {old}")
    assert both.open("needs.words", sealed) == WORDS
    assert both.seal("needs.words", WORDS).startswith(f"{MARK}{fresh.partition(':')[0]}:")


@pytest.mark.parametrize(
    "change", [lambda text: text[:-6] + "AAAAA=", lambda text: text[:30], lambda _: "sealed:1:"]
)
def test_a_value_that_was_changed_is_no_words(change: Callable[[str], str]) -> None:
    ring = Keyring.parse(new_key())
    with pytest.raises(CannotOpen) as refused:
        ring.open("needs.words", change(ring.seal("needs.words", WORDS)))
    assert "AAAA" not in str(refused.value)


def test_another_key_of_the_same_name_opens_nothing() -> None:
    key_id = new_key().partition(":")[0]
    mine, theirs = (Keyring.parse(f"{key_id}:{new_key().partition(':')[2]}") for _ in range(2))
    with pytest.raises(CannotOpen, match="does not open"):
        theirs.open("needs.words", mine.seal("needs.words", WORDS))


def test_without_keys_nothing_is_sealed_or_opened() -> None:
    use_keyring(None)
    with pytest.raises(CannotOpen, match="no keys are in use"):
        keyring()


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ("", "there is no key"),
        ("MDEyMzQ1Njc4OWFiY2RlZg==", "key 1 does not look like id:base64"),
        ("k1:dG9vIHNob3J0", "key k1 has 9 bytes, not 32"),
        ("k1:not base64!", "key k1 is not base64|key k1 has"),
        (f"{KNOWN_KEY} {KNOWN_KEY}", "two keys are called known"),
    ],
)
def test_a_wrong_key_is_named_and_not_shown(listed: str, said: str) -> None:
    with pytest.raises(WrongKeys, match=said) as refused:
        Keyring.parse(listed)
    assert not any(secret in str(refused.value) for secret in ("MDEyMz", "dG9v"))


def test_processes_that_start_together_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: find_encryption_keys(tmp_path / "var"), range(8)))
    assert len(found) == 1
    assert stat.S_IMODE((tmp_path / "var" / "encryption_keys").stat().st_mode) == 0o600
    assert Keyring.parse(found.pop()).ids
