"""The sentences to measure with: the project's own in `evaluation/sets/`, and those of a folder named with DATA=."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from evaluation.overlap import Trained

OWN = Path(__file__).resolve().parent / "sets"
BLIND = OWN / "blind"
MOST_TITLES = 1_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with what it means; `label` is its intent, or its label in the set it comes from."""

    text: str
    lang: str
    label: str = ""
    kind: str = ""
    urgency: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """A report and what it says about where, when, and whom to call; each may hold several."""

    text: str
    lang: str
    place: tuple[str, ...]
    time: tuple[str, ...]
    phone: tuple[str, ...]


@dataclass(frozen=True)
class Sets:
    """All sets of one folder. A file that is not there is an empty set; what the bot was trained on is left out."""

    folder: Path
    own: bool
    trained: Trained
    limit: int = 0

    @property
    def title(self) -> str:
        """Whose sentences these are, for a heading."""
        if self.folder == BLIND:
            return "sentences written before the examples were read"
        return "the project's own sentences" if self.own else f"sentences in {self.folder}"

    @cached_property
    def chat(self) -> Sequence[Sentence]:
        """What residents type, by intent."""
        return self._read("chat.csv", lambda row: _sentence(row, label=row["intent"]))

    @cached_property
    def crisis(self) -> Sequence[Sentence]:
        """Danger, distress, and what only sounds like it."""
        return self._read("crisis.csv", lambda row: _sentence(row, label=row["label"]))

    @cached_property
    def out_of_scope(self) -> Sequence[Sentence]:
        """What is none of our business."""
        return self._read("out_of_scope.csv", lambda row: _sentence(row, label=row["kind"]))

    @cached_property
    def nonsense(self) -> Sequence[Sentence]:
        """What is no sentence at all, or wants to command."""
        return self._read("nonsense.csv", lambda row: _sentence(row, label=row["kind"]))

    @cached_property
    def civic(self) -> Sequence[Sentence]:
        """Short complaints in English."""
        return self._read("civic_en.csv", lambda row: Sentence(row["text"], "en"))

    @cached_property
    def needs(self) -> Sequence[Sentence]:
        """Needs with their kind: titles by hand, or the reports among our chat sentences."""
        titles = self._read("need_dev.csv", lambda row: Sentence(row["text"], "zh", kind=row["need"]))
        return titles or [row for row in self.chat if row.kind]

    @cached_property
    def titles(self) -> Sequence[Sentence]:
        """A sample of titles of ordinary complaints, without a kind."""
        rows = self._read("citizen_titles.csv", lambda row: Sentence(row["title"], "zh", label=row["label"]))
        return random.Random(7).sample(rows, min(MOST_TITLES, len(rows)))  # noqa: S311 - the same sample each time

    @cached_property
    def facts(self) -> Sequence[Facts]:
        """Reports with place, time and phone as the speaker means them."""
        return [_facts(row) for row in self._some(_rows(self.folder / "facts.csv"))]

    def _read(self, file: str, make: Callable[[Mapping[str, str]], Sentence]) -> list[Sentence]:
        rows = self._some(_rows(self.folder / file))
        return [sentence for row in rows if not self.trained.holds((sentence := make(row)).text)]

    def _some(self, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        """Rows from all over the file where only so many are wanted."""
        step = -(-len(rows) // self.limit) if self.limit else 1
        return rows[:: max(1, step)]


def own_sets(limit: int = 0) -> Sets:
    """The project's own."""
    return Sets(OWN, own=True, trained=Trained.none(), limit=limit)


def blind_sets(limit: int = 0) -> Sets:
    """What was written by somebody who had not read the examples; blind until 2026-11-22."""
    return Sets(BLIND, own=True, trained=Trained.none(), limit=limit)


def sets_in(folder: Path, limit: int = 0) -> Sets:
    """Those of a folder, without what the bot was trained on."""
    return Sets(folder, own=False, trained=Trained.of_the_bot(), limit=limit)


def _rows(file: Path) -> list[dict[str, str]]:
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as content:
        return list(csv.DictReader(content))


def _sentence(row: Mapping[str, str], label: str) -> Sentence:
    return Sentence(row["text"], row["lang"], label, row.get("kind") or "", row.get("urgency") or "")


def _facts(row: Mapping[str, str]) -> Facts:
    return Facts(row["text"], row["lang"], _many(row["place"]), _many(row["time"]), _many(row["phone"]))


def _many(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())
