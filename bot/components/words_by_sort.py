"""Words sort by sort, as text files hold them: lines of regular expressions under a [name], `#` before a remark.

A line that begins with a Latin letter matches whole words only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

_SECTION = re.compile(r"\[([a-z ]+)\]")
_LATIN = re.compile(r"\(?(?:\?:)?[a-z0-9]")
_MARKUP = re.compile(r"\\.|\{[\d,]*\}")
_NOTHING = "(?!)"


class Words:
    """One sort of words; those that are Chinese, which are half of the work, are not looked for where no Chinese is."""

    def __init__(self, lines: Sequence[str]) -> None:
        latin = [line for line in lines if _LATIN.match(line)]
        others = [line for line in lines if not _LATIN.match(line)]
        self._latin = re.compile(rf"\b(?:{'|'.join(latin)})\b" if latin else _NOTHING)
        self._others = re.compile("|".join(others) or _NOTHING)
        self._is_mixed = any(re.search("[a-z0-9]", _MARKUP.sub("", line)) for line in others)

    def are_in(self, text: str) -> bool:
        """Whether a normal text has one of them."""
        return bool(self._latin.search(text) or (self._may_be_others(text) and self._others.search(text)))

    def taken_out(self, text: str) -> str:
        """The text without them."""
        rest = self._latin.sub(" ", text)
        return self._others.sub(" ", rest) if self._may_be_others(text) else rest

    def _may_be_others(self, text: str) -> bool:
        return self._is_mixed or not text.isascii()


def read_sorts(path: Path) -> dict[str, Words]:
    """The words of each section of the file."""
    parts: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if section := _SECTION.fullmatch(line):
            parts[section[1]] = []
        elif line and not line.startswith("#"):
            list(parts.values())[-1].append(line)
    return {name: Words(lines) for name, lines in parts.items()}
