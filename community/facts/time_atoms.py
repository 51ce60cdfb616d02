"""Reads the single words of time, 上周三, 十点多, two days: each an atom with what it stands for on a given day.

Patterns are in `time_words.py`; what a found word stands for is read beside its like: dates, weeks, clocks, lengths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from community.facts.month_days import MonthDay, find_month_days
from community.facts.time_clocks import CLOCKS_EN, CLOCKS_ZH
from community.facts.time_dates import DATES_EN, DATES_ZH
from community.facts.time_lengths import LENGTHS
from community.facts.time_models import Atom, Reader
from community.facts.time_weeks import WEEKS_EN, WEEKS_ZH
from community.facts.time_words import EN_ATOMS, ZH_ATOMS

_ZH: Mapping[str, Reader] = {**DATES_ZH, **WEEKS_ZH, **CLOCKS_ZH, **LENGTHS}
_EN: Mapping[str, Reader] = {**DATES_EN, **WEEKS_EN, **CLOCKS_EN, **LENGTHS}


def find_atoms(plain: str, today: date, *, wished: bool = False) -> list[Atom]:
    """All words of time, in their order; `wished`: the number of a day alone is one, the next that comes."""
    chinese, latin = not plain.isascii(), re.search("[a-z0-9]", plain) is not None
    found = [_wished(day) for day in find_month_days(plain, today)] if wished else []
    if chinese:
        found = _beside(found, _read(ZH_ATOMS, _ZH, plain, today))
    if latin:
        found = _beside(found, _read(EN_ATOMS, _EN, plain, today))
    return sorted(found, key=lambda atom: atom.start)


def _beside(found: list[Atom], more: Iterator[Atom]) -> list[Atom]:
    """With those that touch none of what was found before."""
    free = (atom for atom in more if all(atom.end <= each.start or atom.start >= each.end for each in found))
    return [*found, *free]


def _wished(day: MonthDay) -> Atom:
    return Atom("day", *day.span, days=(day.first, day.after))


def _read(pattern: re.Pattern[str], readers: Mapping[str, Reader], plain: str, today: date) -> Iterator[Atom]:
    for match in pattern.finditer(plain):
        atom = readers[match.lastgroup or ""](match, today)
        if atom is not None:
            yield atom
