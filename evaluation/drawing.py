"""Small SVG drawings for the page, made here so that the page needs nothing else: bars, a curve, a heat map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

GREEN, RED, GREY, INK = "#07c160", "#b3261e", "#c8ccd2", "#1d2126"
ROW, LABELS, LENGTH = 20, 190, 150


def bars(rows: Sequence[tuple[str, float, int]]) -> str:
    """Lying bars of values between 0 and 1, the lowest first, each with how many stand behind it."""
    parts = []
    for number, (label, value, count) in enumerate(sorted(rows, key=lambda row: row[1])):
        top = number * ROW + 4
        parts.append(_text(LABELS - 8, top + 12, label, "end"))
        parts.append(
            f'<rect x="{LABELS}" y="{top}" width="{value * LENGTH:.0f}" height="14" fill="{GREEN}" rx="2"/>'
        )
        parts.append(_text(LABELS + value * LENGTH + 6, top + 12, f"{value:.2f}  n {count}"))
    return _svg(LABELS + LENGTH + 80, len(rows) * ROW + 8, parts)


def curve(
    points: Sequence[tuple[float, float]],
    across: str,
    up: str,
    *,
    most: float = 1.0,
    counts: Sequence[int] = (),
    box: tuple[float, float] | None = None,
    line: bool = True,
) -> str:
    """Points between 0 and `most` on both axes, joined. The target lies in `box`; `counts` stand beside points."""
    side, left, top = 360, 52, 12

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return left + min(point[0] / most, 1) * side, top + side - min(point[1] / most, 1) * side

    parts = [f'<rect x="{left}" y="{top}" width="{side}" height="{side}" fill="none" stroke="{GREY}"/>']
    if box:
        x, y = place(box)
        size = f'width="{x - left:.0f}" height="{top + side - y:.0f}"'
        parts.append(f'<rect x="{left}" y="{y:.0f}" {size} fill="{GREEN}" opacity=".25"/>')
    if line:
        parts.append(
            f'<path d="M{left} {top + side}L{left + side} {top}" stroke="{GREY}" stroke-dasharray="4"/>'
        )
    shown = [place(point) for point in points if point[0] <= most and point[1] <= most]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in shown)
    parts.append(f'<path d="M{path}" fill="none" stroke="{INK}" stroke-width="2"/>' if shown else "")
    for (x, y), count in zip(shown, counts, strict=False):
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{GREEN}" stroke="{INK}"/>')
        parts.append(_text(x + 7, y + 14, f"n {count}"))
    parts += _ticks(left, top, side, most)
    parts.append(_text(left + side / 2, top + side + 36, across, "middle"))
    parts.append(
        f'<text transform="translate(12 {top + side / 2}) rotate(-90)" text-anchor="middle">{escape(up)}</text>'
    )
    return _svg(left + side + 40, top + side + 46, parts)


def heat_map(counts: Mapping[tuple[str, str], int]) -> str:
    """How often each row was found as each column: the darker, the more of the row; green where both agree."""
    rows = sorted({meant for meant, _ in counts})
    columns = [*rows, *sorted({found for _, found in counts} - set(rows))]
    cell, top = 17, 190
    parts = [
        f'<text transform="translate({LABELS + number * cell + 12} {top - 6}) rotate(-90)">{escape(name)}</text>'
        for number, name in enumerate(columns)
    ]
    for line, meant in enumerate(rows):
        y = top + line * cell
        total = sum(count for (row, _), count in counts.items() if row == meant)
        parts.append(_text(LABELS - 8, y + 13, meant, "end"))
        parts += [
            _cell(LABELS + number * cell, y, meant, found, counts.get((meant, found), 0), total)
            for number, found in enumerate(columns)
        ]
    return _svg(LABELS + len(columns) * cell + 12, top + len(rows) * cell + 10, parts)


def _cell(x: float, y: float, meant: str, found: str, count: int, total: int) -> str:
    colour = GREEN if meant == found else RED
    strength = 0.15 + 0.85 * count / total if count else 0.0
    title = f"<title>{escape(meant)} → {escape(found)}: {count} of {total}</title>"
    filled = f'fill="{colour}" fill-opacity="{strength:.2f}"' if count else 'fill="#fff"'
    square = f'<rect x="{x}" y="{y}" width="16" height="16" {filled} stroke="#eef0f2">{title}</rect>'
    number = _text(x + 8, y + 12, str(count), "middle", size=9) if count and meant != found else ""
    return square + number


def _ticks(left: float, top: float, side: float, most: float) -> list[str]:
    marks = [most * part / 5 for part in range(6)]
    along = [
        _text(left + side * n / 5, top + side + 18, f"{mark:g}", "middle") for n, mark in enumerate(marks)
    ]
    upward = [
        _text(left - 6, top + side - side * n / 5 + 4, f"{mark:g}", "end") for n, mark in enumerate(marks)
    ]
    return along + upward


def _text(x: float, y: float, words: str, anchor: str = "start", size: int = 12) -> str:
    look = f'text-anchor="{anchor}" font-size="{size}" fill="{INK}"'
    return f'<text x="{x:.0f}" y="{y:.0f}" {look}>{escape(words)}</text>'


def _svg(width: float, height: float, parts: Sequence[str]) -> str:
    size = f'width="{width:.0f}" height="{height:.0f}"'
    return f'<svg viewBox="0 0 {width:.0f} {height:.0f}" {size}>{"".join(parts)}</svg>'
