"""What was not understood: first guesses as buttons, then the menu, then a person; never the same twice running."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import OFFERS, menu, offer
from bot.actions.turn import Button, Turn

LEAST = 0.06
MOST_GUESSES = 3


async def fall_back(turn: Turn, _: AsyncSession) -> None:
    """Answer a message that is not understood, differently each time."""
    count = turn.count_failure()
    turn.keep_unclear()
    if count == 1:
        _guess(turn)
    elif count % 2 == 0:
        turn.say("unclear_menu", *menu())
    else:
        turn.say("unclear_person", offer("talk_to_human"), offer("report_need"))


def _guess(turn: Turn) -> None:
    buttons = _guesses(turn)
    if buttons:
        turn.say("unclear_guesses", *buttons, offer("talk_to_human"))
    else:
        turn.say("unclear", *menu())


def _guesses(turn: Turn) -> list[Button]:
    likely = [name for name, confidence in turn.ranking if name in OFFERS and confidence >= LEAST]
    return [offer(name) for name in likely if name != "talk_to_human"][:MOST_GUESSES]
