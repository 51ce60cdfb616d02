"""The words that people use for the kinds of needs, looked for in a text: the floor under what the model has learned.

The lists are lookup tables in bot/data/nlu/report/<kind>.yml: `<kind>` names a kind by itself, `<kind>_hints` only
leans towards it. The longest known word wins at each place of a text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

WORD, HINT = 3, 1
HINTS = "_hints"

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[㐀-鿿]")

Tokens = tuple[str, ...]
Lists = Mapping[str, Sequence[str]]


class KindWords:
    """An index of words: how much each weighs for which kinds."""

    def __init__(self, lists: Lists) -> None:
        """`lists`: name of a lookup table -> its lines, each with words between commas."""
        self.lists = {name: list(lines) for name, lines in lists.items()}
        self._index = _index(self.lists)
        self._longest = max(map(len, self._index), default=0)
        self.scores = lru_cache(maxsize=1)(self._scores)
        """Weight of each kind that a normal text names; asked twice about the same one, which it leaves as it is."""

    def _scores(self, text: str) -> Mapping[str, int]:
        """A word that is said again counts once."""
        scores: dict[str, int] = defaultdict(int)
        for word in dict.fromkeys(self._known(_tokens(text))):
            for kind, weight in self._index[word].items():
                scores[kind] += weight
        return dict(scores)

    def _known(self, tokens: Tokens) -> Iterator[Tokens]:
        start = 0
        while start < len(tokens):
            found = self._longest_at(tokens, start)
            if found:
                yield found
            start += len(found) or 1

    def _longest_at(self, tokens: Tokens, start: int) -> Tokens:
        for length in range(min(self._longest, len(tokens) - start), 0, -1):
            word = tokens[start : start + length]
            if word in self._index:
                return word
        return ()


def _index(lists: Lists) -> dict[Tokens, dict[str, int]]:
    index: dict[Tokens, dict[str, int]] = defaultdict(dict)
    for name in sorted(lists, key=lambda name: not name.endswith(HINTS)):
        weight = HINT if name.endswith(HINTS) else WORD
        for word in ",".join(lists[name]).lower().split(","):
            if word.strip():
                index[_tokens(word)][name.removesuffix(HINTS)] = weight
    return dict(index)


def _tokens(text: str) -> Tokens:
    """Single Chinese characters, whole Latin words without their plural s, numbers."""
    return tuple(_stem(token) for token in _TOKEN.findall(text))


def _stem(token: str) -> str:
    return token[:-1] if len(token) > 3 and token.endswith("s") and not token.endswith("ss") else token
