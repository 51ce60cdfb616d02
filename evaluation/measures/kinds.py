"""The kind of a need, the party that leads by it, and how soon it is looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from community.needs.kinds import KINDS
from evaluation.board import Board, Confusions
from evaluation.parsing import Bot
from evaluation.scoring import Pair, accuracy, confusions, macro_f1, share
from evaluation.sets import Sentence, Sets

TARGETS = {"zh": 0.80, "en": 0.85}
LEAD = 0.90


def measure(board: Board, bot: Bot, sets: Sets) -> None:
    """The needs with a kind of this folder."""
    if not sets.needs:
        return
    board.section("Kinds of needs")
    if bot.parse(sets.needs[0].text).kind is None:
        board.not_answered("kind of need (the answer has no `need`)")
        return
    for lang, target in TARGETS.items():
        rows = [row for row in sets.needs if row.lang == lang]
        pairs = kind_pairs(bot, rows)
        board.share(f"kind of need {lang}", accuracy(pairs), at_least=target)
        if pairs:
            board.number(f"kind macro F1 {lang}", macro_f1(pairs))
            board.share(f"right lead party {lang}", share(_same_lead(*pair) for pair in pairs), at_least=LEAD)
    _urgency(board, bot, sets.needs)
    board.confusions(_table(bot, sets.needs, quoted=sets.own))


def kind_pairs(bot: Bot, rows: Sequence[Sentence]) -> list[Pair]:
    """(kind that was meant, kind that was found)."""
    return [(row.kind, bot.parse(row.text).kind or "other") for row in rows]


def _same_lead(meant: str, found: str) -> bool:
    return found in KINDS and KINDS[meant].lead is KINDS[found].lead


def _urgency(board: Board, bot: Bot, needs: Sequence[Sentence]) -> None:
    rows = [row for row in needs if row.urgency]
    pairs = [(row.urgency, bot.parse(row.text).urgency or "") for row in rows]
    board.share("urgency agrees", accuracy(pairs))
    urgent = [pair for pair in pairs if pair[0] != "normal"]
    board.share("urgent needs seen as urgent", share(found in ("urgent", "crisis") for _, found in urgent))


def _table(bot: Bot, needs: Sequence[Sentence], *, quoted: bool) -> Confusions:
    texts: dict[Pair, list[str]] = defaultdict(list)
    for row, pair in zip(needs, kind_pairs(bot, needs), strict=True):
        texts[pair].append(row.text if quoted else "")
    rows = [(pair, count, texts[pair]) for pair, count in confusions(kind_pairs(bot, needs))]
    return Confusions("Kinds", rows)
