"""The form of activities: signing up, coming or not, swapping, arriving, how it was, each with its own questions."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.arrival_code import arrive
from bot.actions.bringing import changed_comers
from bot.actions.coming import CANCEL, CONFIRM, answer_shift
from bot.actions.feedback import REMARK
from bot.actions.joining import join
from bot.actions.joining_choice import means_joining
from bot.actions.joining_draft import JOIN
from bot.actions.remarking import take_remark
from bot.actions.swapping import SWAP, swap, wants_swap
from bot.actions.turn import Turn
from bot.actions.two_wishes import give_up_first

_OF_QUESTION = {"code": "check_in"}


async def take_step(turn: Turn, session: AsyncSession) -> None:
    """One step of what was begun; a tapped button of another shift begins anew."""
    if await changed_comers(turn, session):
        return
    await give_up_first(turn, session)
    wish = _wish(turn)
    if turn.asked and wish != _begun(turn):
        turn.asked = None
    if wish == "check_in":
        await arrive(turn, session)
    elif wish == REMARK:
        await take_remark(turn, session)
    elif wish == SWAP:
        await swap(turn, session)
    elif wish == CONFIRM and await means_joining(turn, session):
        await join(turn, session)
    elif wish in (CONFIRM, CANCEL):
        await answer_shift(turn, session, wish)
    else:
        await join(turn, session)


def _wish(turn: Turn) -> str:
    """What this step belongs to; the score of a shift was tapped before its question is asked."""
    if "swap" in turn.entities:
        return SWAP
    is_new_remark = turn.asked is None and _begun(turn) == REMARK
    is_tap = not turn.text and bool({"signup", "shift"} & set(turn.entities)) and not is_new_remark
    is_begun = turn.asked is not None or "signup" in (turn.slots.get("errand") or {})
    if is_begun and not is_tap:
        return _begun(turn)
    return SWAP if turn.intent == CANCEL and wants_swap(turn) else turn.intent


def _begun(turn: Turn) -> str:
    """What the open question belongs to."""
    if turn.asked in _OF_QUESTION:
        return _OF_QUESTION[turn.asked]
    errand = turn.slots.get("errand") or {}
    return str(errand.get("wish", JOIN))
