"""The measures as one page that holds everything it needs: `var/evaluation/index.html`."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from evaluation.board import Board
from evaluation.parsing import Bot
from evaluation.sets import Sets


def write_page(file: Path, board: Board, bot: Bot, sets: Sequence[Sets]) -> Path:  # noqa: ARG001
    """Write the page and return where it is."""
    rows = "".join(
        f"<tr><td>{escape(line.name)}<td>{line.value}<td>{line.count}<td>{escape(line.target)}<td>{line.verdict}"
        for _, lines in board.sections
        for line in lines
    )
    file.write_text(f"<!doctype html><meta charset=utf-8><table>{rows}</table>", encoding="utf-8")
    return file
