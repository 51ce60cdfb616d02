"""The form of activities: signing up, saying that one comes or not, and arriving, each with its own questions."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.arrival_code import arrive
from bot.actions.coming import CANCEL, CONFIRM, answer_shift
from bot.actions.joining import join
from bot.actions.joining_draft import JOIN
from bot.actions.turn import Turn

_OF_QUESTION = {"code": "check_in"}


async def take_step(turn: Turn, session: AsyncSession) -> None:
    """One step of what was begun; a tapped button of another shift begins anew."""
    wish = _wish(turn)
    if turn.asked and wish != _begun(turn):
        turn.asked = None
    if wish == "check_in":
        await arrive(turn, session)
    elif wish in (CONFIRM, CANCEL):
        await answer_shift(turn, session, wish)
    else:
        await join(turn, session)


def _wish(turn: Turn) -> str:
    is_tap = not turn.text and bool({"signup", "shift"} & set(turn.entities))
    is_begun = turn.asked is not None or "signup" in (turn.slots.get("errand") or {})
    return _begun(turn) if is_begun and not is_tap else turn.intent


def _begun(turn: Turn) -> str:
    """What the open question belongs to."""
    if turn.asked in _OF_QUESTION:
        return _OF_QUESTION[turn.asked]
    errand = turn.slots.get("errand") or {}
    return str(errand.get("wish", JOIN))
