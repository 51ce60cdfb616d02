"""One spelling for what is the same to a reader: full-width and half-width, capitals, spaces, marks, codes of needs."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 400

_SPACES = re.compile(r"\s+")
_RUNS = re.compile(r"([!?~。.,…！？~]){2,}")
_ANY_CODE = "n7k4p"  # as in the sentences that the model learns from
_CODES = re.compile(r"(?<![0-9a-z])(?=\d*[a-z])(?=[a-z]*\d)[2-9a-hjkmnp-tv-z]{5}(?![0-9a-z])")


def normal(text: str) -> str:
    """The text as the classifier reads it. Of a letter the first 400 characters say what it is about."""
    folded = _CODES.sub(_ANY_CODE, unicodedata.normalize("NFKC", text[: LONGEST * 2]).lower())
    return _RUNS.sub(r"\1", _SPACES.sub(" ", folded)).strip()[:LONGEST]


def is_payload(text: str) -> bool:
    """True for `/affirm` and the like, which only our own buttons send."""
    return text.startswith("/")
