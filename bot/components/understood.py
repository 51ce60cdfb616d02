"""What short words were understood as, so that "好的" is not read anew from every person.

Half of what people say is a few words that others have said before. What is kept is what they mean to the model, by a
fingerprint that only this process can make: neither the words nor who said them.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import blake2b
from os import urandom
from typing import Any

LONGEST = 72
"""Bytes: 24 Chinese characters, or the 72 letters that say as much in English."""
MOST = 10_000
_OF_ONE_MESSAGE = ("text", "message_id", "metadata")


class Understood:
    """What the model makes of short words: the 10,000 that were asked for last."""

    def __init__(self) -> None:
        self._key = urandom(32)
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()

    def recall(self, text: str) -> dict[str, Any] | None:
        """What these words were understood as, ready for Rasa; None where they are long, a button's, or new."""
        kept = self._kept.get(self._fingerprint(text))
        if kept is None:
            return None
        self._kept.move_to_end(self._fingerprint(text))
        return {**pickle.loads(kept), "text": text}  # noqa: S301 - written by `keep`, never leaves this process

    def keep(self, text: str, parsed: Mapping[str, Any]) -> None:
        """Remember what Rasa read in words that are short enough to come again."""
        if len(text.encode(errors="replace")) > LONGEST or text.startswith("/"):
            return
        meaning = {name: value for name, value in parsed.items() if name not in _OF_ONE_MESSAGE}
        self._kept[self._fingerprint(text)] = pickle.dumps(meaning, pickle.HIGHEST_PROTOCOL)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def _fingerprint(self, text: str) -> bytes:
        return blake2b(text.encode(errors="replace"), key=self._key, digest_size=16).digest()
