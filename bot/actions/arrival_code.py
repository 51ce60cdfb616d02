"""The question for the code of the spot, as a step of the form of activities."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.arriving import CODE, note_arrival, takes_arrival
from bot.actions.asides import answered_aside, leads_elsewhere, leaves_off
from bot.actions.turn import ACTIVITY_FORM, Turn


async def arrive(turn: Turn, session: AsyncSession) -> None:
    """The form's step: the code is asked for until it is right, or the person leaves off."""
    if turn.asked is None:
        turn.ask("code", "check_in_ask_code")
        return
    code = CODE.search(turn.text)
    if code is not None:
        if not await takes_arrival(turn, session) or await note_arrival(turn, session, code[0]):
            turn.end()
        else:
            turn.ask_again()
    elif leaves_off(turn, "deny"):
        turn.end()
        turn.say("what_else")
    elif not leads_elsewhere(turn, ACTIVITY_FORM):
        await answered_aside(turn, session)
        turn.ask("code", "check_in_ask_code")
