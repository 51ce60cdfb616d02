"""What stands for terms in the database: keyed fingerprints (linli/sealing.py), found again by the same term."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from linli.sealing import keyring


def stored(terms: Iterable[str]) -> list[str]:
    """The fingerprints of terms by the key that seals now, for a column of terms."""
    keys = keyring()
    return [keys.fingerprints(term)[0] for term in terms]


def asked(terms: Iterable[str]) -> Sequence[list[str]]:
    """The fingerprints of terms by each key: while keys are changed, some rows have those of the former one."""
    keys = keyring()
    by_term = [keys.fingerprints(term) for term in terms]
    return [list(of_key) for of_key in zip(*by_term, strict=True)]
