"""Place, time and phone that a report names, as the app finds them in the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from community.facts.finding import find_facts
from community.facts.models import PlaceFact
from evaluation.board import Board, Confusions
from evaluation.sets import Facts, Sets
from evaluation.spans import (
    MAY,
    Same,
    is_numbered,
    numbered_place,
    same_number,
    same_place,
    same_words,
    score,
)

TARGET = 0.95
ZONE = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2026, 11, 18, 16, 0, tzinfo=ZONE)
"""When everything is said: a Wednesday afternoon."""

Values = Sequence[str]
Field = tuple[str, Same, Callable[[Facts], Values], Callable[[Facts], Values]]


def measure(board: Board, sets: Sets) -> None:
    """The reports with facts of this folder."""
    if not sets.facts:
        return
    board.section("Facts in a report (F1; right/found/meant)")
    for name, same, meant, found in FIELDS:
        pairs = [(row.lang, meant(row), found(row)) for row in sets.facts]
        board.score(name, score(((m, f) for _, m, f in pairs), same), at_least=TARGET)
        for lang in ("zh", "en"):
            of_lang = ((m, f) for spoken, m, f in pairs if spoken == lang)
            board.score(f"  {name} {lang}", score(of_lang, same))
    if sets.own:
        board.confusions(_table(sets.facts))


def _places(row: Facts) -> list[str]:
    numbered = any(is_numbered(place) for place in row.place)
    return [_place(fact, numbered) for fact in find_facts(row.text, MOMENT, ZONE).places]


def _place(fact: PlaceFact, numbered: bool) -> str:
    """Its numbers, else its words.

    Words do no harm where they lead nowhere alone ("the corridor": the place is asked), and beside a number.
    """
    harmless = numbered or not fact.is_enough
    return numbered_place(fact.building, fact.unit, fact.room) or (MAY if harmless else "") + fact.words


def _times(row: Facts) -> list[str]:
    return [fact.words for fact in find_facts(row.text, MOMENT, ZONE).times]


def _phones(row: Facts) -> list[str]:
    return [fact.number for fact in find_facts(row.text, MOMENT, ZONE).phones if fact.is_contact]


FIELDS: tuple[Field, ...] = (
    ("place", same_place, lambda row: row.place, _places),
    ("time", same_words, lambda row: row.time, _times),
    ("phone", same_number, lambda row: row.phone, _phones),
)


def _table(rows: Sequence[Facts]) -> Confusions:
    """Sentences where something is missing or too much, by what and how."""
    wrong: dict[tuple[str, str], list[str]] = {}
    for name, same, meant, found in FIELDS:
        for row in rows:
            one = score([(meant(row), found(row))], same)
            faults = (("missing", one.meant > one.right), ("too much", one.found > one.right))
            for fault in (fault for fault, happened in faults if happened):
                told = f"{row.text} (meant {'; '.join(meant(row))}, found {'; '.join(found(row))})"
                wrong.setdefault((f"{name} {row.lang}", fault), []).append(told)
    ordered = sorted(wrong.items(), key=lambda item: -len(item[1]))
    return Confusions("Facts, by sort", [(pair, len(texts), texts) for pair, texts in ordered])
