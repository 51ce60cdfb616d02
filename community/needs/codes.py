"""Codes of needs: five letters and digits without look-alikes, random, so that nobody can count on to another's.

Each has both a letter and a digit: in a sentence it is neither a word nor the number of a room.
"""

from __future__ import annotations

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 5
_PATTERN = re.compile(rf"(?<![0-9A-Za-z])[{ALPHABET}]{{{LENGTH}}}(?![0-9A-Za-z])")


def make_code() -> str:
    """A new random code."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if not code.isalpha() and not code.isdigit():
            return code


def find_codes(text: str) -> set[str]:
    """All in a text that has the shape of a code, in capitals; such needs may not exist."""
    return set(_PATTERN.findall(text.upper()))
