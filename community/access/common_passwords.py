"""Passwords that everybody tries first: the listed ones, keyboard runs, and repeats."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_LIST = Path(__file__).with_suffix(".txt")
_RUNS = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)
_FEW_CHARACTERS = 4


def is_common(password: str) -> bool:
    """True for a listed one, a run of a keyboard or alphabet, or fewer than four different characters."""
    plain = password.casefold()
    return plain in _listed() or any(plain in run for run in _RUNS) or len(set(plain)) < _FEW_CHARACTERS


@cache
def _listed() -> frozenset[str]:
    return frozenset(_LIST.read_text(encoding="utf-8").split())
