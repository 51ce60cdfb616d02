"""The measures as one page that holds everything it needs: `var/evaluation/index.html`; drawn by `drawing.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from community.clock import now
from evaluation import drawing
from evaluation.board import Board, Confusions, Line
from evaluation.measures.intents import outcomes
from evaluation.measures.kinds import kind_pairs
from evaluation.parsing import Bot
from evaluation.scoring import Pair, calibration, refusal_curve, scores_by_label
from evaluation.sets import Sentence, Sets

STYLE = Path(__file__).with_name("page.css")
MOST_CONFUSIONS = 15
BROAD = " class='broad'"


def write_page(file: Path, board: Board, bot: Bot, sets: Sequence[Sets], chosen: Iterable[str]) -> Path:
    """Write the page and return where it is. Plots are drawn for the measures that were chosen."""
    parts = [_summary(board), *(_plots(bot, one, set(chosen)) for one in sets), _confusions(board.tables)]
    head = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Linli: what the bot understands</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE.read_text(encoding='utf-8')}</style></head>"
    )
    told = f"<p>Measured {now():%Y-%m-%d %H:%M} UTC. What each measure means: docs/evaluation.md.</p>"
    body = f"<body><main><h1>What the bot understands</h1>{told}{''.join(parts)}</main></body></html>"
    file.write_text(head + body, encoding="utf-8")
    return file


def _summary(board: Board) -> str:
    sections = (f"<h2>{escape(title)}</h2>{_table(lines)}" for title, lines in board.sections if lines)
    return f'<section class="sheets">{"".join(f"<div>{section}</div>" for section in sections)}</section>'


def _table(lines: Sequence[Line]) -> str:
    rows = "".join(
        f'<tr class="{_class(line)}"><td>{escape(line.name)}</td><td>{escape(line.value)}</td>'
        f"<td>{escape(line.count)}</td><td>{escape(line.target)}</td><td>{line.verdict}</td></tr>"
        for line in lines
    )
    head = "<tr><th>measure</th><th>value</th><th>n</th><th>target</th><th></th></tr>"
    return f'<div class="wide"><table>{head}{rows}</table></div>'


def _class(line: Line) -> str:
    return {True: "held", False: "missed", None: ""}[line.held]


def _plots(bot: Bot, sets: Sets, chosen: set[str]) -> str:
    figures: list[tuple[str, str]] = []
    if "intents" in chosen and sets.chat:
        figures += _intent_plots(bot, sets.chat)
    if "scope" in chosen and sets.out_of_scope:
        figures.append(_refusals(bot, sets))
    if "kinds" in chosen and sets.needs and bot.parse(sets.needs[0].text).kind:
        figures += _kind_plots(bot, sets.needs)
    drawn = "".join(
        f"<figure{BROAD if 'columns' in title else ''}><figcaption>{escape(title)}</figcaption>"
        f"<div class='wide'>{svg}</div></figure>"
        for title, svg in figures
    )
    return f"<h2>Plots, {escape(sets.title)}</h2><section class='plots'>{drawn}</section>" if drawn else ""


def _intent_plots(bot: Bot, chat: Sequence[Sentence]) -> list[tuple[str, str]]:
    pairs = [(row.label, bot.parse(row.text).intent) for row in chat]
    return [
        ("F1 of each intent, with how many sentences mean it", _bars(pairs)),
        ("Confidence against accuracy of the intent; the line is where both agree", _calibration(bot, chat)),
        ("Intents: meant (rows) and found (columns)", drawing.heat_map(Counter(pairs))),
    ]


def _calibration(bot: Bot, chat: Sequence[Sentence]) -> str:
    steps = [(step.confidence, step.right, step.count) for step in calibration(outcomes(bot, chat))]
    return drawing.curve([(x, y) for x, y, _ in steps], "confidence", "right", counts=[n for *_, n in steps])


def _refusals(bot: Bot, sets: Sets) -> tuple[str, str]:
    wishes = [*(row for row in sets.chat if row.label != "out_of_scope"), *sets.civic, *sets.titles]
    ours = [bot.parse(row.text).ours for row in wishes]
    strange = [bot.parse(row.text).ours for row in sets.out_of_scope]
    points = refusal_curve(ours, strange)
    title = "Wishes refused against strangers accepted, over all thresholds; the box is the target"
    drawn = drawing.curve(
        points, "wishes refused", "strangers accepted", most=0.25, box=(0.03, 0.05), line=False
    )
    return title, drawn


def _kind_plots(bot: Bot, needs: Sequence[Sentence]) -> list[tuple[str, str]]:
    pairs = kind_pairs(bot, needs)
    return [
        ("F1 of each kind of need, with how many sentences mean it", _bars(pairs)),
        ("Kinds: meant (rows) and found (columns)", drawing.heat_map(Counter(pairs))),
    ]


def _bars(pairs: Sequence[Pair]) -> str:
    return drawing.bars([(label, score.f1, score.meant) for label, score in scores_by_label(pairs).items()])


def _confusions(tables: Sequence[Confusions]) -> str:
    return "".join(
        f"<h2>{escape(table.title)}: meant, and taken for</h2>{''.join(map(_confusion, table.rows[:MOST_CONFUSIONS]))}"
        for table in tables
        if table.rows
    )


def _confusion(row: tuple[Pair, int, list[str]]) -> str:
    (meant, found), count, texts = row
    title = f"<b>{count}</b> {escape(meant)} → {escape(found)}"
    quoted = "".join(f"<li>{escape(text)}</li>" for text in texts if text)
    return f"<details><summary>{title}</summary><ul>{quoted}</ul></details>" if quoted else f"<p>{title}</p>"
