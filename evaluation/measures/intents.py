"""Intent accuracy on chat sentences, by language and by intent, with what is confused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from evaluation.board import Board, Confusions
from evaluation.overlap import Trained
from evaluation.parsing import Bot
from evaluation.scoring import Pair, accuracy, calibration_error, confusions, macro_f1
from evaluation.sets import Sentence, Sets

TARGET = 0.93


def measure(board: Board, bot: Bot, sets: Sets) -> None:
    """Chat sentences of this folder, where it has some."""
    if not sets.chat:
        return
    board.section("Intents of chat sentences")
    trained = Trained.of_the_bot()
    for lang in ("zh", "en"):
        board.share(f"intent accuracy {lang}", accuracy(_pairs(bot, sets.chat, lang)), at_least=TARGET)
        unseen = [row for row in sets.chat if not trained.holds(row.text)]
        board.share(f"  without phrases that training holds too {lang}", accuracy(_pairs(bot, unseen, lang)))
    pairs = _pairs(bot, sets.chat)
    board.number("intent macro F1", macro_f1(pairs))
    board.number("calibration error of the confidence", calibration_error(outcomes(bot, sets.chat)))
    board.confusions(table("Intents", bot, sets.chat, quoted=sets.own))


def outcomes(bot: Bot, sentences: Sequence[Sentence]) -> list[tuple[float, bool]]:
    """(confidence, right) of every sentence."""
    parses = ((row, bot.parse(row.text)) for row in sentences)
    return [(parse.confidence, parse.intent == row.label) for row, parse in parses]


def table(title: str, bot: Bot, sentences: Sequence[Sentence], *, quoted: bool) -> Confusions:
    """What was taken for what, with the sentences where they may be quoted."""
    texts: dict[Pair, list[str]] = defaultdict(list)
    for row in sentences:
        texts[row.label, bot.parse(row.text).intent].append(row.text if quoted else "")
    return Confusions(
        title, [(pair, count, texts[pair]) for pair, count in confusions(_pairs(bot, sentences))]
    )


def _pairs(bot: Bot, sentences: Sequence[Sentence], lang: str | None = None) -> list[Pair]:
    return [(row.label, bot.parse(row.text).intent) for row in sentences if lang in (None, row.lang)]
