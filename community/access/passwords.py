"""Passwords: what they have to be, and their hashes, which take some tens of milliseconds on purpose."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from community.access.common_passwords import is_common
from community.errors import Refused

SHORTEST, LONGEST = 8, 128
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's second recommended setting
NOBODY = _HASHER.hash(secrets.token_hex(16))
"""The hash of nobody's password: to compare with it takes as long as with somebody's."""


def check_password_rules(password: str) -> None:
    """8 to 128 characters and none of the common ones; raises Refused."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused("password_length")
    if is_common(password):
        raise Refused("password_common")


def hash_password(password: str) -> str:
    """The argon2id hash."""
    return _HASHER.hash(password)


def is_right(stored: str, password: str) -> bool:
    """Whether a password is the one that was hashed."""
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
