"""What was not understood, in other words each time: who says the same twice running sounds like a machine."""

from __future__ import annotations

from bot.actions.buttons import offer
from bot.actions.turn import Turn


def say_unclear(turn: Turn, message: str) -> None:
    """Say that an answer was not understood; from the second time running on, every other time offer a person."""
    if turn.count_failure() % 2:
        turn.say(message, nth=next_wording(turn))
    else:
        turn.say("unclear_in_between", offer("talk_to_human"), nth=next_wording(turn))


def next_wording(turn: Turn) -> int:
    """Which of its wordings a template takes: the next one, also when something was understood in between."""
    wording = int(str(turn.slot("wording") or 0)) + 1
    turn.keep(wording=wording)
    return wording
