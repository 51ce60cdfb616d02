"""Sealing: what people write is stored encrypted, so that a copy of the database alone tells nobody anything.

AES-256-GCM with a key of the keyring. A sealed value is `sealed:1:<key id>:<base64 of nonce, words and tag>`; it opens
only in the column that it was sealed for. Before: linli/settings.py puts the keys in use when a process starts. After:
the types SealedText and SealedJson of community/base.py.
"""

from __future__ import annotations

import binascii
import hmac
import os
import re
import secrets
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linli.secret_key import keep_secret

MARK = "sealed:1:"
KEY_BYTES = 32
_NONCE_BYTES = 12
_PRINT_BYTES = 6
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,15}")


class WrongKeys(ValueError):
    """The keys of the settings cannot be used; the text says why, without showing any of them."""


class CannotOpen(Exception):
    """A sealed value that no key of this process opens. The text names the key and the column, never the value."""


class CannotSeal(ValueError):
    """No words: there is a NUL or half a character in them. The text names the column, never the value."""


class Keyring:
    """Keys by id: the first seals, all of them open. Safe to share between tasks and threads."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """`keys` are 32 bytes each, the one that seals first. Raises WrongKeys."""
        if not keys:
            raise WrongKeys("there is no key")
        self._ciphers = {key_id: AESGCM(_checked(key_id, key)) for key_id, key in keys.items()}
        self.first = next(iter(keys))
        self._finding = {
            key_id: hmac.digest(key, b"linli:1:finding", "sha256") for key_id, key in keys.items()
        }

    @classmethod
    def parse(cls, listed: str) -> Keyring:
        """The keyring of `id:base64` keys, separated by commas or blanks. Raises WrongKeys."""
        keys: dict[str, bytes] = {}
        for number, entry in enumerate(listed.replace(",", " ").split(), 1):
            key_id, _, coded = entry.partition(":")
            if not _ID.fullmatch(key_id):
                raise WrongKeys(f"key {number} does not look like id:base64 (linli keys new prints one)")
            if key_id in keys:
                raise WrongKeys(f"two keys are called {key_id}")
            keys[key_id] = _decoded(key_id, coded)
        return cls(keys)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys, the one that seals first."""
        return tuple(self._ciphers)

    def seal(self, column: str, words: str) -> str:
        """The words as `column` ("needs.words") stores them; another nonce, so another text, each time.

        Raises CannotSeal for what the database would not take either.
        """
        nonce = os.urandom(_NONCE_BYTES)
        cipher = self._ciphers[self.first]
        hidden = cipher.encrypt(nonce, _plain(column, words), _bound(self.first, column))
        return f"{MARK}{self.first}:{urlsafe_b64encode(nonce + hidden).decode()}"

    def seal_bytes(self, bound: str, content: bytes) -> bytes:
        """Nonce, content and tag of a file, sealed with the first key and bound to where it belongs."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._ciphers[self.first].encrypt(nonce, content, _bound(self.first, bound))

    def open_bytes(self, bound: str, key_id: str, sealed: bytes) -> bytes:
        """What `seal_bytes` hid with this key. Raises CannotOpen."""
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise CannotOpen(f"{bound} is sealed with a key that is not there: {key_id[:16]}")
        try:
            return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(key_id, bound))
        except (InvalidTag, ValueError):
            raise CannotOpen(f"{bound} holds bytes that the key {key_id} does not open") from None

    def fingerprints(self, term: str) -> tuple[str, ...]:
        """What stands for a search term in an index, by each key, the sealing one first: found again, never read."""
        return tuple(
            urlsafe_b64encode(hmac.digest(key, term.encode(), "sha256")[:_PRINT_BYTES]).decode()
            for key in self._finding.values()
        )

    def open(self, column: str, sealed: str) -> str:
        """The words of a value that `seal` gave for this column. Raises CannotOpen."""
        key_id, _, coded = sealed.removeprefix(MARK).partition(":")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise CannotOpen(f"{column} is sealed with a key that is not there: {key_id[:16]}")
        try:
            raw = urlsafe_b64decode(coded)
            return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound(key_id, column)).decode()
        except (InvalidTag, binascii.Error, ValueError):
            raise CannotOpen(f"{column} holds a value that the key {key_id} does not open") from None


def is_sealed(stored: str) -> bool:
    """Whether a stored value is sealed; rows of the time before sealing are plain until they are sealed."""
    return stored.startswith(MARK)


def new_key() -> str:
    """A fresh key as the setting wants it: `id:base64`."""
    return f"k{secrets.token_hex(3)}:{b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def find_encryption_keys(data_dir: Path) -> str:
    """The keys kept in the data folder; one is made when there is none yet. Raises OSError."""
    return keep_secret(data_dir / "encryption_keys", new_key)


class _InUse:
    """The keyring of this process."""

    keyring: Keyring | None = None


def use_keyring(keyring: Keyring | None) -> None:
    """Seal and open with these keys from now on, in the whole process; None takes them away."""
    _InUse.keyring = keyring


def keyring() -> Keyring:
    """The keyring of this process. Raises CannotOpen before one was put in use: nothing is stored or read plain."""
    if _InUse.keyring is None:
        raise CannotOpen("no keys are in use: load the settings first")
    return _InUse.keyring


def _plain(column: str, words: str) -> bytes:
    if "\0" in words:
        raise CannotSeal(f"{column} is given a NUL")
    try:
        return words.encode()
    except UnicodeEncodeError:
        raise CannotSeal(f"{column} is given half a character") from None


def _checked(key_id: str, key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise WrongKeys(f"key {key_id} has {len(key)} bytes, not {KEY_BYTES} (linli keys new prints one)")
    return key


def _decoded(key_id: str, coded: str) -> bytes:
    try:
        return b64decode(coded.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raise WrongKeys(f"key {key_id} is not base64 (linli keys new prints one)") from None


def _bound(key_id: str, column: str) -> bytes:
    return f"linli:1:{key_id}:{column}".encode()
