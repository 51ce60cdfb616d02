"""The terms of a text: pairs of Chinese characters, Latin words and numbers, the same for a text and for a question."""

from __future__ import annotations

import re
import unicodedata

from community.facts.text import plain_text

_PIECE = re.compile(r"[㐀-鿿]+|[a-z0-9]+")


def terms_of(text: str) -> list[str]:
    """Pairs of neighbouring characters (one that stands alone as it is), Latin words in lower case, numbers whole.

    Each once, in the order of the text. Width, case and traditional characters make no difference.
    """
    plain = plain_text(unicodedata.normalize("NFKC", text)).lower()
    return list(dict.fromkeys(term for piece in _PIECE.findall(plain) for term in _cut(piece)))


def _cut(piece: str) -> list[str]:
    if piece.isascii():
        return [piece]
    return [piece[at : at + 2] for at in range(max(1, len(piece) - 1))]
