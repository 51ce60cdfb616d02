"""The measures as lines: value, target, held or not; printed as they come, and kept for the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from unicodedata import east_asian_width

import typer

from evaluation.scoring import Pair, Score, Share

WIDTHS = (52, 12, 12, 10)


@dataclass(frozen=True, slots=True)
class Line:
    """One measure. `held` is None where there is no target or no answer."""

    name: str
    value: str
    count: str
    target: str
    held: bool | None

    @property
    def verdict(self) -> str:
        """For people."""
        return {True: "held", False: "NOT HELD", None: ""}[self.held]


@dataclass(frozen=True, slots=True)
class Confusions:
    """What was taken for what in one set, with sentences only where the set is the project's own."""

    title: str
    rows: list[tuple[Pair, int, list[str]]]


@dataclass(slots=True)
class Board:
    """Everything that was measured, in the order it came."""

    sections: list[tuple[str, list[Line]]] = field(default_factory=list)
    tables: list[Confusions] = field(default_factory=list)
    quiet: bool = False
    _heading: str = ""

    @property
    def missed(self) -> list[Line]:
        """The lines whose target was not held."""
        return [line for _, lines in self.sections for line in lines if line.held is False]

    def heading(self, title: str) -> None:
        """Above the sections of one folder."""
        self._heading = title
        self._say(f"\n== {title}")

    def section(self, title: str) -> None:
        """A heading; the lines below it belong together."""
        self.sections.append((f"{title}: {self._heading}" if self._heading else title, []))
        self._say(f"\n{title}")

    def share(
        self, name: str, found: Share, *, at_least: float | None = None, at_most: float | None = None
    ) -> None:
        """So many of so many."""
        if not found.total:
            return
        target, held = _judge(found.value, at_least, at_most)
        self.add(Line(name, f"{found.value:.3f}", f"of {found.total}", target, held))

    def score(self, name: str, found: Score, *, at_least: float | None = None) -> None:
        """An F1 with how many were meant, found and right."""
        target, held = _judge(found.f1, at_least, None)
        how = f"{found.right}/{found.found}/{found.meant}"
        self.add(Line(name, f"{found.f1:.3f}", how, target, held))

    def number(
        self,
        name: str,
        value: float,
        unit: str = "",
        *,
        at_least: float | None = None,
        at_most: float | None = None,
    ) -> None:
        """Any other number."""
        target, held = _judge(value, at_least, at_most)
        shown = f"{value:.3f}" if abs(value) < 10 else f"{value:,.1f}"
        self.add(Line(name, f"{shown}{unit}", "", target, held))

    def not_answered(self, name: str, why: str = "not answered") -> None:
        """What the bot's answer does not hold."""
        self.add(Line(name, why, "", "", None))

    def add(self, line: Line) -> None:
        """One more line, printed at once."""
        self.sections[-1][1].append(line)
        cells = zip((line.name, line.value, line.count, line.target), WIDTHS, strict=True)
        self._say("  " + " ".join(_pad(cell, width) for cell, width in cells) + line.verdict)

    def confusions(self, table: Confusions, most: int = 15) -> None:
        """The most frequent confusions: pairs and counts on the terminal, sentences on the page alone."""
        self.tables.append(table)
        if table.rows:
            self._say(f"\n  {table.title}: meant -> taken for")
        for (meant, found), count, _ in table.rows[:most]:
            self._say(f"  {count:5d}  {meant} -> {found}")

    def _say(self, line: str) -> None:
        if not self.quiet:
            typer.echo(line)


def _judge(value: float, at_least: float | None, at_most: float | None) -> tuple[str, bool | None]:
    if at_least is not None:
        return f">= {at_least:g}", value >= at_least
    if at_most is not None:
        return f"<= {at_most:g}", value <= at_most
    return "", None


def _pad(cell: str, width: int) -> str:
    shown = sum(2 if east_asian_width(sign) in "WF" else 1 for sign in cell)
    return cell + " " * max(0, width - shown)
