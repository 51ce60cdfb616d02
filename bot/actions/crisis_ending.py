"""The end of a crisis in the chat: all is well, or it was hours ago; what was put aside is offered again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.asides import ANSWERS, FORMS, answered_aside
from bot.actions.buttons import choice, menu
from bot.actions.matters import keep_for_afterwards
from bot.actions.turn import REPORT_FORM, SURE, NeedGuess, Turn
from community.alerts.crisis import Crisis
from community.needs.kinds import get_kind
from community.needs.models import Urgency

RESUME = "resume"
"""The question whether to go on with what was put aside."""


def end_well(turn: Turn, crisis: Crisis | None) -> None:
    """All is well: kind words, never a reproach; what was put aside is offered again."""
    aside = turn.slots.get("aside")
    name = (crisis.taken_by or crisis.on_duty or "") if crisis else ""
    turn.end()
    if aside:
        turn.say("crisis_fine", name=name)
        _offer_to_go_on(turn, aside)
    else:
        turn.say("crisis_fine", *menu(), name=name)


def _offer_to_go_on(turn: Turn, aside: Mapping[str, Any]) -> None:
    turn.ask(
        RESUME,
        "crisis_resume",
        choice("button_go_on", "go_on"),
        choice("button_not_now", "not_now"),
        kind=get_kind(aside.get("kind_code", "other")).name,
    )


async def resume(turn: Turn, session: AsyncSession) -> None:
    """Go on with what was put aside, or leave it; a question in between is answered, and the offer stays."""
    aside, value = turn.slots.get("aside"), turn.entities.get("value")
    if aside and await answered_aside(turn, session, confided=True):
        _offer_to_go_on(turn, aside)
        return
    turn.keep(aside=None)
    wants = (
        value == "go_on" or turn.intent == "affirm" or (turn.intent == "report_need" and not turn.need.sure)
    )
    form = FORMS.get(turn.intent) if turn.confidence >= SURE and turn.text else None
    if aside and wants:
        turn.switch_to(REPORT_FORM)
        turn.keep(draft=aside)
    elif form and turn.intent != "withdraw_need":
        turn.switch_to(form)
    else:
        turn.end()
        turn.say("report_dropped")


async def go_on_elsewhere(turn: Turn, session: AsyncSession) -> None:
    """The crisis was hours ago, or is over: the message is an ordinary one, and what was put aside is offered again.

    After a new report it follows by itself.
    """
    aside = turn.slots.get("aside")
    form = FORMS.get(turn.intent) if turn.confidence >= SURE else None
    if form == REPORT_FORM and aside:
        turn.keep(aside=None)
        keep_for_afterwards(turn, aside["words"], _need_of(aside))
    if form and (form == REPORT_FORM or not aside):
        turn.switch_to(form)
        return
    turn.end()
    if aside:
        if form is None and not await answered_aside(turn, session):
            turn.say("crisis_how_are_you")
        _offer_to_go_on(turn, aside)
    elif turn.is_clearly_aside:
        await ANSWERS[turn.intent](turn, session)
    else:
        turn.say("crisis_how_are_you", *menu())


def _need_of(aside: Mapping[str, Any]) -> NeedGuess:
    soon = Urgency(aside.get("soon", Urgency.NORMAL))
    return NeedGuess(aside.get("kind_code", "other"), aside.get("sureness", SURE), soon)
