"""Whether the bot was trained on a sentence, or on nearly the same one: likeness of character trigrams."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Self

from operations.places import BOT

NEARLY = 0.8
MOST_SIGNS, MOST_WORDS = 8, 5
SENTENCES = BOT / "data" / "nlu"
_EXAMPLE = re.compile(r"^\s+- (?!intent:|regex:|lookup:|synonym:)(.+)$")
_MARKED = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


class Trained:
    """Sentences that were trained on, found by likeness."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._grams = [_grams(text) for text in texts]
        self._holders: dict[str, list[int]] = defaultdict(list)
        for number, grams in enumerate(self._grams):
            for gram in grams:
                self._holders[gram].append(number)

    @classmethod
    def of_the_bot(cls) -> Self:
        """What lies in `bot/data/nlu` now."""
        return cls(trained_texts())

    @classmethod
    def none(cls) -> Self:
        """Nothing: every sentence is new."""
        return cls(())

    def holds(self, text: str) -> bool:
        """True when it was trained on, or something with a likeness above 0.8."""
        grams = _grams(text)
        shared = Counter(number for gram in grams for number in self._holders.get(gram, ()))
        return any(
            count / (len(grams) + len(self._grams[number]) - count) > NEARLY
            for number, count in shared.items()
        )


def trained_texts(folder: Path = SENTENCES) -> list[str]:
    """Every example in the YAML files of a folder, without marks of entities."""
    lines = (line for file in sorted(folder.rglob("*.yml")) for line in file.read_text("utf-8").splitlines())
    found = (_EXAMPLE.match(line) for line in lines)
    return [_MARKED.sub(r"\1", match[1].strip()) for match in found if match]


def is_stock_phrase(text: str) -> bool:
    """So short that everybody says it in these words: at most eight Chinese characters or five words."""
    plain = normal_form(text)
    return len(plain) <= MOST_SIGNS if not plain.isascii() else len(text.split()) <= MOST_WORDS


def normal_form(text: str) -> str:
    """Letters and digits only, in lower case and half width."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def short_hash(text: str) -> str:
    """What stands for a sentence in `reserved.txt`."""
    return sha256(normal_form(text).encode()).hexdigest()[:16]


def _grams(text: str) -> set[str]:
    plain = normal_form(text) or text  # signs alone stand for themselves
    return {plain[start : start + 3] for start in range(max(1, len(plain) - 2))}
