"""Place, time and phone that a report names, as the app finds them in the words."""

from __future__ import annotations

from evaluation.board import Board
from evaluation.sets import Sets


def measure(board: Board, sets: Sets) -> None:
    """The reports with facts of this folder."""
    if not sets.facts:
        return
    board.section("Facts in a report")
    board.not_answered("place, time, phone", "no extractor yet")
