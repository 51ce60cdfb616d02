"""Reads the tables of rights: what an act is, on what, and what everybody is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

YES, MASKED, REFUSED, MISSING, SIGN_IN, NOBODY = "yes", "bare", "403", "404", "in", "401"
ANSWERS = (YES, MASKED, REFUSED, MISSING, SIGN_IN, NOBODY)


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a route, what it is asked about, and the answer to each column."""

    section: str
    method: str
    route: str
    of: str
    cells: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """As a failure says it."""
        return f"{self.method} {self.route} of {self.of}"


def read_table(name: str) -> list[Row]:
    """The rows of a table beside this file; a line that does not fit is an error that says which."""
    rows: list[Row] = []
    section, columns = "", list[str]()
    for number, line in enumerate((Path(__file__).parent / name).read_text().splitlines(), start=1):
        if line.startswith("== "):
            section = line.strip("= ")
        elif line.startswith("act "):
            columns = line.replace("|", " ").split()[2:]
        elif line.startswith(("GET ", "POST ", "LIVE ")):
            rows.append(_read_row(section, columns, line, f"{name}:{number}"))
    return rows


def _read_row(section: str, columns: Sequence[str], line: str, where: str) -> Row:
    method, route, of, *cells = line.replace("|", " ").split()
    if len(cells) != len(columns) or not set(cells) <= set(ANSWERS):
        raise ValueError(f"{where} does not fit its columns")
    return Row(section, method, route, of, tuple(zip(columns, cells, strict=True)))
