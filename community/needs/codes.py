"""Codes of needs: five letters and digits without look-alikes, random, so that nobody can count on to another's."""

from __future__ import annotations

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 5
_PATTERN = re.compile(rf"(?<![0-9A-Za-z])[{ALPHABET}]{{{LENGTH}}}(?![0-9A-Za-z])")


def make_code() -> str:
    """A new random code."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def find_code(text: str) -> str | None:
    """The first thing in a text with the shape of a code, in capitals; such a need may not exist."""
    found = _PATTERN.search(text.upper())
    return found.group() if found else None
