"""What is none of our business and still acted upon, and real wishes that are refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from evaluation.board import Board, Confusions
from evaluation.parsing import Bot
from evaluation.scoring import Share, share
from evaluation.sets import Sentence, Sets

ACTED_UPON = 0.05
REFUSED = 0.03
SMALL_TALK = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "help_menu", "bot_challenge"})
"""Answered with a word, so nothing happens; counted all the same, and told apart."""


def measure(board: Board, bot: Bot, sets: Sets) -> None:
    """Strange sentences and our own ones of this folder."""
    strange = [*sets.out_of_scope, *(row for row in sets.chat if row.label == "out_of_scope")]
    if not strange and not sets.nonsense and not sets.needs:
        return
    board.section("Out of scope")
    for lang in ("zh", "en"):
        board.share(f"out of scope acted upon {lang}", _acted(bot, strange, lang), at_most=ACTED_UPON)
        board.share(f"  of it in small talk only {lang}", _small_talk(bot, strange, lang))
    board.share("nonsense acted upon", _acted(bot, sets.nonsense), at_most=ACTED_UPON)
    _refusals(board, bot, sets)
    board.confusions(_table(bot, strange, sets.nonsense))


def _refusals(board: Board, bot: Bot, sets: Sets) -> None:
    wishes = [row for row in sets.chat if row.label != "out_of_scope"]
    for lang in ("zh", "en"):
        board.share(f"chat wishes refused {lang}", _refused(bot, wishes, lang), at_most=REFUSED)
    if not wishes:
        board.share("titles of needs refused", _refused(bot, sets.needs), at_most=REFUSED)
    board.share("sample of citizens' titles refused", _refused(bot, sets.titles), at_most=REFUSED)
    board.share("short English complaints refused", _refused(bot, sets.civic), at_most=REFUSED)
    reported = ("report_need", "add_to_need", "crisis")
    board.share(
        "short English complaints taken as a report",
        share(bot.parse(row.text).intent in reported for row in sets.civic),
    )


def _acted(bot: Bot, rows: Sequence[Sentence], lang: str | None = None) -> Share:
    return share(not bot.parse(row.text).refused for row in rows if lang in (None, row.lang))


def _small_talk(bot: Bot, rows: Sequence[Sentence], lang: str) -> Share:
    return share(bot.parse(row.text).intent in SMALL_TALK for row in rows if row.lang == lang)


def _refused(bot: Bot, rows: Sequence[Sentence], lang: str | None = None) -> Share:
    return share(bot.parse(row.text).refused for row in rows if lang in (None, row.lang))


def _table(bot: Bot, strange: Sequence[Sentence], nonsense: Sequence[Sentence]) -> Confusions:
    rows = [(f"{row.label or 'out_of_scope'} {row.lang}", bot.parse(row.text)) for row in strange]
    rows += [(f"nonsense {row.kind}", bot.parse(row.text)) for row in nonsense]
    counts = Counter((name, parse.intent) for name, parse in rows if not parse.refused)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Confusions("Out of scope, by sort", [(pair, count, []) for pair, count in ordered])
