"""What was not understood, in other words each time: who says the same twice running sounds like a machine."""

from __future__ import annotations

from collections.abc import Mapping

from bot.actions.buttons import offer
from bot.actions.turn import Turn

IN_BETWEEN = "unclear_in_between"


def say_unclear(turn: Turn, message: str) -> None:
    """Say that an answer was not understood; from the second time running on, every other time offer a person."""
    if turn.count_failure() % 2:
        turn.say(message, nth=next_wording(turn, message))
    else:
        turn.say(IN_BETWEEN, offer("talk_to_human"), nth=next_wording(turn, IN_BETWEEN))


def next_wording(turn: Turn, message: str) -> int:
    """Which of its wordings this message takes: another one than last time, whatever was said in between."""
    kept = turn.slot("wording")
    last = dict(kept) if isinstance(kept, Mapping) else {}
    last[message] = last.get(message, 0) + 1
    turn.keep(wording=last)
    return int(last[message])
