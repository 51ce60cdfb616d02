"""The pieces of words by which a question and an answer are compared beside their vectors."""

from __future__ import annotations

import re
import unicodedata

_CHINESE = re.compile(r"[㐀-鿿]+")
_LATIN = re.compile(r"[a-z]+|\d+")
_EMPTY = re.compile(
    r"(an?|the|is|are|was|be|do|does|did|can|could|would|should|i|my|me|we|our|you|your|its?|to|of|in|on|at|for|from|"
    r"and|or|if|with|about|please|tell|need|want|get|have|has|how|what|where|when|which|who|there|any|some)"
)


def grams(text: str) -> set[str]:
    """Pairs of Chinese characters, Latin words without their endings, and numbers."""
    folded = unicodedata.normalize("NFKC", text).lower()
    pairs = {run[at : at + 2] for run in _CHINESE.findall(folded) for at in range(max(1, len(run) - 1))}
    return pairs | {_stem(word) for word in _LATIN.findall(folded) if not _EMPTY.fullmatch(word)}


def _stem(word: str) -> str:
    """register, registers, registered and registering are the same piece."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word
