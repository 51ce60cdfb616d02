"""A word on how a shift was, as a step of the form of activities; who runs the activity reads it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.asides import answered_aside, leads_elsewhere
from bot.actions.buttons import choice
from bot.actions.feedback import REMARK
from bot.actions.turn import ACTIVITY_FORM, Turn
from community.signups.usecases.feedback import remark_on_shift

SKIP = "no_remark"
UNHAPPY = 3


async def take_remark(turn: Turn, session: AsyncSession) -> None:
    """The step of the form: ask for words once, and keep whatever is said that is no other wish.

    What was not good may well sound like a report of its own.
    """
    errand = turn.slots.get("errand") or {}
    was_good = errand["score"] > UNHAPPY
    if turn.asked is None:
        name = "shift_score_good" if was_good else "shift_score_other"
        turn.ask(REMARK, name, choice("button_no_remark", SKIP))
        return
    done = turn.entities.get("value") == SKIP or turn.intent in ("deny", "thank") or not turn.text
    if not done and was_good and leads_elsewhere(turn, ACTIVITY_FORM):
        return
    if not done and not await answered_aside(turn, session):
        await remark_on_shift(session, turn.resident_id, UUID(errand["signup"]), turn.text)
    turn.end()
    turn.say("shift_remark_kept")
