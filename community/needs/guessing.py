"""Guesses the kind and the urgency of a need from the words people use; no model, the same answer each time.

The longest known word wins at each place of the text, its weight counts for its kinds, the heaviest kind is the guess.
Signs of danger to life and of things that only social workers may read go before any count.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from community.needs.kinds import KINDS, get_kind
from community.needs.models import Urgency
from community.needs.urgency import find_urgency, is_danger_to_self

MOST_CHARACTERS = 2_000
WORD, HINT = 3, 1

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[㐀-鿿]")


@dataclass(frozen=True)
class KindGuess:
    """A kind's code and how soon; `sure` is False when the words fit another kind nearly as well, or fit none."""

    code: str
    urgency: Urgency
    sure: bool


def guess_kind(text: str) -> KindGuess:
    """What kind of need these words tell of, in Chinese, English or both; `other` when no word is known."""
    plain = _plain(text)
    if is_danger_to_self(plain):
        return KindGuess("mental_health", Urgency.CRISIS, sure=True)
    code, sure = _best(_scores(_tokens(plain)))
    return KindGuess(code, find_urgency(plain) or get_kind(code).urgency, sure)


def _best(scores: Counter[str]) -> tuple[str, bool]:
    if scores["mental_health"] >= WORD:
        return "mental_health", scores["mental_health"] == max(scores.values())
    ranked = scores.most_common(2)
    if not ranked:
        return "other", False
    (code, most), second = ranked[0], ranked[1][1] if len(ranked) > 1 else 0
    return code, most >= WORD and most >= second * 1.5


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:MOST_CHARACTERS]).casefold().replace("’", "'")


def _tokens(plain: str) -> list[str]:
    """Single Chinese characters, whole Latin words without their plural s, numbers."""
    return [_stem(token) for token in _TOKEN.findall(plain)]


def _stem(token: str) -> str:
    return token[:-1] if len(token) > 3 and token.endswith("s") and not token.endswith("ss") else token


def _index() -> dict[tuple[str, ...], dict[str, int]]:
    """Token sequence -> kind -> weight, from the words and hints of all kinds."""
    index: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for kind in KINDS.values():
        for words, weight in ((kind.hints, HINT), (kind.words, WORD)):
            for word in filter(None, (part.strip() for part in words.split(","))):
                index[tuple(_tokens(_plain(word)))][kind.code] = weight
    return dict(index)


_INDEX = _index()
_LONGEST = max(len(sequence) for sequence in _INDEX)


def _scores(tokens: list[str]) -> Counter[str]:
    """Weight of each kind; a word that is said again counts once.

    Of kinds that weigh the same the first added wins: the last of a Chinese text, which comes to its matter at the
    end, and the first of an English one.
    """
    known = list(dict.fromkeys(_known_words(tokens)))
    scores: Counter[str] = Counter()
    for sequence in known if "".join(tokens).isascii() else reversed(known):
        for code, weight in _INDEX[sequence].items():
            scores[code] += weight
    return scores


def _known_words(tokens: list[str]) -> Iterator[tuple[str, ...]]:
    start = 0
    while start < len(tokens):
        found = _longest_at(tokens, start)
        if found:
            yield found
        start += len(found) or 1


def _longest_at(tokens: list[str], start: int) -> tuple[str, ...]:
    for length in range(min(_LONGEST, len(tokens) - start), 0, -1):
        sequence = tuple(tokens[start : start + length])
        if sequence in _INDEX:
            return sequence
    return ()
