"""What a chart of the console is: rows of cells with where each leads; a table, and bars drawn by charts.js."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from web.words import Translate


class Shape(StrEnum):
    """Bars beside each other, bars upon each other, or lines over time."""

    BARS = "bars"
    STACK = "stack"
    LINES = "lines"


class Tone(StrEnum):
    """Colours by meaning; base.css has them for light and dark."""

    ACCENT = "accent"
    WORK = "work"
    SOON = "soon"
    LATE = "late"
    VIOLET = "secret"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Series:
    """One measure of all rows."""

    name: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as it is drawn (None: nothing to draw), as it is written, and the list that it leads to."""

    value: float | None
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A label with one cell a series; `n` says how many records stand behind it, `weak` that these are few."""

    label: str
    cells: Sequence[Cell]
    n: int | None = None
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A question with its answer. `n` is the number of records behind all of it, `note` how it is counted.

    `upright` draws rows along the bottom (time); else each row is a line. `wide` takes the whole width too. `top` is
    the end of the scale for shares of a hundred; `unit` is how the scale says a `{value}`.
    """

    name: str
    question: str
    note: str
    shape: Shape
    series: Sequence[Series]
    rows: Sequence[Row]
    n: int
    upright: bool = False
    top: float | None = None
    unit: str = "{value}"
    wide: bool = False

    @property
    def drawing(self) -> str:
        """All that charts.js needs, as JSON for an attribute."""
        return json.dumps(
            {
                "shape": self.shape,
                "upright": self.upright,
                "top": self.top,
                "unit": "{value}%" if self.top else self.unit,
                "labels": [row.label for row in self.rows],
                "series": [
                    {
                        "name": series.name,
                        "tone": series.tone,
                        "cells": [_drawn(row, row.cells[place]) for row in self.rows],
                    }
                    for place, series in enumerate(self.series)
                ],
            },
            ensure_ascii=False,
        )


def ask(
    t: Translate,
    name: str,
    shape: Shape,
    series: Sequence[Series],
    rows: Sequence[Row],
    n: int,
    *,
    upright: bool = False,
    top: float | None = None,
    unit: str = "{value}",
    wide: bool = False,
) -> Chart:
    """The chart whose question and note are words of staff_overview.

    Without records it has no rows; nor has a line of one point, whose numbers stand in the sums of the page.
    """
    question, note = t(f"staff_overview.{name}_question"), t(f"staff_overview.{name}_note")
    shown = rows if n and (shape is not Shape.LINES or len(rows) > 1) else []
    return Chart(name, question, note, shape, series, shown, n, upright, top, unit, wide)


def put_together(t: Translate, name: str, rows: Sequence[Row], most: int) -> list[Row]:
    """At most so many rows, and the rest as one that is written and not drawn: its bar would dwarf all others.

    `name` is the key of its label, with `count` of rows and `sum` of what they count.
    """
    shown, rest = rows[:most], rows[most:]
    if not rest:
        return list(shown)
    columns = zip(*(row.cells for row in rest), strict=True)
    sums = [round(sum(cell.value or 0 for cell in column)) for column in columns]
    n = sum(row.n or 0 for row in rest)
    label = t(f"staff_overview.{name}", count=len(rest), sum=n)
    return [*shown, Row(label, [Cell(None, str(number)) for number in sums], n=n)]


def count(number: int, href: str = "") -> Cell:
    """A count; nothing leads nowhere."""
    return Cell(number, str(number), href if number else "")


def share(part: int, whole: int, href: str = "") -> Cell:
    """A share of a hundred, with nothing where there is no whole."""
    return Cell(100 * part / whole, f"{100 * part / whole:.0f}%", href) if whole else Cell(None, "–")


def _drawn(row: Row, cell: Cell) -> dict[str, object]:
    value = None if cell.value is None else round(cell.value, 2)
    return {"value": value, "text": cell.text, "href": cell.href, "weak": row.weak}
