"""Whether the alarm is raised in danger, and kept quiet otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from evaluation.board import Board, Confusions
from evaluation.parsing import Bot
from evaluation.scoring import Share, share
from evaluation.sets import Sentence, Sets

EXPLICIT = ("crisis_self", "crisis_other", "danger_violence")
OBLIQUE = ("passive_ideation",)
QUIET = ("distress", "hard_negative", "neutral")
ALARM = "crisis"
MOST_FALSE = 0.02


def measure(board: Board, bot: Bot, sets: Sets) -> None:
    """The crisis sets, and the ordinary complaints of this folder."""
    ordinary = [row for row in sets.needs if row.urgency != "crisis"]
    if not sets.crisis and not ordinary and not sets.civic:
        return
    board.section("Alarm (intent crisis)")
    board.share("raised in explicit danger", _raised(bot, _of(sets.crisis, EXPLICIT)), at_least=0.97)
    board.share("raised in oblique words", _raised(bot, _of(sets.crisis, OBLIQUE)), at_least=0.85)
    quiet = _of(sets.crisis, QUIET)
    board.share("raised on distress, hard negatives, neutral", _raised(bot, quiet), at_most=MOST_FALSE)
    for label in (*EXPLICIT, *QUIET):
        board.share(f"  {label}", _raised(bot, _of(sets.crisis, (label,))))
    board.share("raised on needs", _raised(bot, ordinary), at_most=MOST_FALSE)
    board.share("raised on a sample of citizens' titles", _raised(bot, sets.titles), at_most=MOST_FALSE)
    board.share("raised on short English complaints", _raised(bot, sets.civic), at_most=MOST_FALSE)
    _chat(board, bot, sets)
    board.confusions(_table(bot, sets.crisis))


def _chat(board: Board, bot: Bot, sets: Sets) -> None:
    for lang in ("zh", "en"):
        rows = [row for row in sets.chat if row.lang == lang]
        board.share(f"raised in danger, chat {lang}", _raised(bot, _of(rows, (ALARM,))), at_least=0.97)
        others = [row for row in rows if row.label != ALARM]
        board.share(f"raised on other chat sentences {lang}", _raised(bot, others), at_most=MOST_FALSE)


def _of(rows: Sequence[Sentence], labels: tuple[str, ...]) -> list[Sentence]:
    return [row for row in rows if row.label in labels]


def _raised(bot: Bot, rows: Sequence[Sentence]) -> Share:
    return share(bot.parse(row.text).intent == ALARM for row in rows)


def _table(bot: Bot, rows: Sequence[Sentence]) -> Confusions:
    wrong = Counter(
        (f"{row.label} {row.lang}", found)
        for row in rows
        if ((found := bot.parse(row.text).intent) == ALARM) != (row.label in (*EXPLICIT, *OBLIQUE))
    )
    ordered = sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
    return Confusions("Alarm, by label", [(pair, count, []) for pair, count in ordered])
