"""Rasa's rows are sealed like everything that people write: AES-256-GCM, in the format of linli/sealing.py.

The keys come from whoever starts Rasa, in LINLI_TRACKER_KEYS as `id:base64`, comma separated: the first seals, all of
them open, and none opens anything of the app. Without keys Rasa starts and parses; no turn is read or kept.
"""

from __future__ import annotations

import binascii
import json
import os
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = "sealed:1:"
COLUMN = "bot_trackers.state"
NONCE_BYTES = 12


class TrackersClosed(Exception):
    """A row that no key of this process opens, or no keys at all. The text holds nothing of the row."""


class TrackerKeys:
    """Seals and opens the one JSON value of a row."""

    def __init__(self, listed: str) -> None:
        """Keys as `id:base64`, the one that seals first; none are refused when they are first needed."""
        parted = (entry.split(":", 1) for entry in listed.split(",") if entry)
        self._ciphers = {key_id: AESGCM(b64decode(coded)) for key_id, coded in parted}
        self._first = next(iter(self._ciphers), "")

    def seal(self, state: dict[str, Any]) -> str:
        """The state of a person as the row keeps it; raise TrackersClosed."""
        if not self._first:
            raise TrackersClosed("LINLI_TRACKER_KEYS is not set")
        nonce = os.urandom(NONCE_BYTES)
        plain = json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()
        hidden = self._ciphers[self._first].encrypt(nonce, plain, _bound(self._first))
        return f"{MARK}{self._first}:{urlsafe_b64encode(nonce + hidden).decode()}"

    def open(self, stored: Any) -> dict[str, Any]:
        """What `seal` was given; a row of the time before sealing is plain. Raise TrackersClosed."""
        if isinstance(stored, dict):
            return stored
        key_id, _, coded = stored[len(MARK) :].partition(":")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise TrackersClosed(f"a row is sealed with a key that is not there: {key_id[:16]}")
        try:
            raw = urlsafe_b64decode(coded)
            state: dict[str, Any] = json.loads(
                cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(key_id))
            )
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise TrackersClosed(f"a row does not open with the key {key_id}") from error
        return state


@cache
def tracker_keys() -> TrackerKeys:
    """The keys of this process; the environment is read when they are first needed, not before."""
    return TrackerKeys(os.environ.get("LINLI_TRACKER_KEYS", ""))


def _bound(key_id: str) -> bytes:
    return f"linli:1:{key_id}:{COLUMN}".encode()
