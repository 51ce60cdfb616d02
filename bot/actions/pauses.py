"""Silence for hours or days: an old question is picked up kindly, one that makes no sense any more is put away aloud.

Around the step of every form (registry.py): it is taken as if nothing had been, or as a new beginning.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.asides import ANSWERS, FORMS
from bot.actions.buttons import menu
from bot.actions.running import Step
from bot.actions.turn import FORGOTTEN, Turn
from community.clock import now

KINDLY_AFTER = timedelta(hours=8)
OVER_AFTER = timedelta(days=3)
CRISIS_FORM = "crisis_form"
GOES_ON = frozenset({"report_goes_on", "picking_up"})
"""What says already that a form goes on."""


def after_pause(step: Step) -> Step:
    """The step of a form, which looks first how long its question has waited."""

    async def take(turn: Turn, session: AsyncSession) -> None:
        await _take(step, turn, session)

    return take


async def _take(step: Step, turn: Turn, session: AsyncSession) -> None:
    if silence(turn) >= OVER_AFTER:
        await _put_away(step, turn, session)
        return
    await step(turn, session)
    goes_on = turn.is_asking and not turn.is_over and turn.next_form is None
    if goes_on and silence(turn) >= KINDLY_AFTER and not GOES_ON & {said["message"] for said in turn.bubbles}:
        turn.say("picking_up")
        turn.bubbles.insert(0, turn.bubbles.pop())


def silence(turn: Turn) -> timedelta:
    """How long the open question has waited; nothing where none is open, and none of a crisis is ever too old."""
    asked_at = turn.slots.get("asked_at") if turn.asked and turn.form != CRISIS_FORM else None
    return now() - datetime.fromisoformat(str(asked_at)) if asked_at else timedelta()


async def _put_away(step: Step, turn: Turn, session: AsyncSession) -> None:
    """Forget what was asked; what is said now counts by itself."""
    turn.say("question_put_away")
    turn.keep(**dict.fromkeys(FORGOTTEN))
    turn.slots = {name: value for name, value in turn.slots.items() if name not in FORGOTTEN}
    turn.asked = None
    begun = FORMS.get(turn.intent)
    if begun == turn.form:
        await step(turn, session)
    elif begun:
        turn.switch_to(begun)
    else:
        if turn.intent in ANSWERS:
            await ANSWERS[turn.intent](turn, session)
        else:
            turn.say("what_else", *menu())
        turn.end()
