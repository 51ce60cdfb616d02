"""Reads the written dialogues of tests/dialogue/talks: a file a subject, a folder a language, `#` names a dialogue.

    # 一句话说全                    the dialogue's name, unique in its file
    > 3号楼2单元的电梯坏了          the person says it; `[对，报上去]` taps a button,
                                    `(photo)` sends one, with words or without
    - report_read_back: 电梯 [对，报上去]
                                    a bubble by its message, pieces of its text, labels of its buttons;
                                    `a | b` is either; `...` whatever else is said; `nothing` is silence
    * a person takes over           what staff, the worker or the clock do meanwhile: see meanwhile.py
    = needs: elevator routed        what is stored now: see stored.py
    ! why                           the dialogue is right and fails today, because of how something is understood

Lines of `-` follow each other as the bubbles do. To add a dialogue, write its lines: no code is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

TALKS = Path(__file__).parent / "talks"
MARKS = ">-*=!"
_LABEL = re.compile(r"\[([^\]]+)\]")


@dataclass(frozen=True)
class Line:
    """One line of a dialogue: its mark, what stands behind it, and where it is written."""

    mark: str
    rest: str
    where: str


@dataclass(frozen=True)
class Script:
    """A written dialogue."""

    name: str
    language: str
    subject: str
    fails_because: str
    lines: Sequence[Line]

    @property
    def id(self) -> str:
        """How pytest names it."""
        return f"{self.language}/{self.subject}: {self.name}"


@dataclass(frozen=True)
class Expected:
    """A bubble as a `-` line describes it."""

    messages: Sequence[str]
    pieces: Sequence[str]
    labels: Sequence[str]

    @classmethod
    def read(cls, rest: str) -> Expected:
        """The description in a `-` line."""
        labels = _LABEL.findall(rest)
        messages, _, pieces = _LABEL.sub("", rest).partition(":")
        return cls(_split(messages, "|"), _split(pieces, ","), labels)


def read_scripts() -> list[Script]:
    """Every dialogue, in the order of files and lines."""
    return [script for path in sorted(TALKS.glob("*/*.txt")) for script in _read(path)]


def _read(path: Path) -> Iterator[Script]:
    name, why, lines = "", "", list[Line]()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        mark, _, rest = line.strip().partition(" ")
        if mark == "#":
            if lines:
                yield Script(name, path.parent.name, path.stem, why, lines)
            name, why, lines = rest.strip(), "", []
        elif mark == "!":
            why = rest.strip()
        elif mark:
            assert mark in MARKS, f"{path.name}:{number}: {mark!r} is none of {MARKS}"
            lines.append(Line(mark, rest.strip(), f"{path.parent.name}/{path.name}:{number}"))
    yield Script(name, path.parent.name, path.stem, why, lines)


def _split(words: str, by: str) -> list[str]:
    return [part.strip() for part in words.split(by) if part.strip()]
