"""Taking a need back: which one is asked where there are several, and nothing is withdrawn without a yes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.asides import answered_aside, leads_elsewhere, leaves_off
from bot.actions.buttons import offer, payload
from bot.actions.own_needs import buttons_for, facts, find_open_needs, pick
from bot.actions.turn import Button, Turn
from bot.actions.unclear import say_unclear
from community.needs.lines import NeedLine
from community.needs.usecases.residents import withdraw_need

_YES_WITHDRAW = re.compile(
    r"(?:(?:对|是的?|好的?|嗯|行|确定|没错|yes|ok|sure)[,，。.!！ ]*)?"
    r"(?:撤回|撤了|撤|取消|withdraw(?: it)?|cancel(?: it)?)[吧了。.!！ ]*",
    re.IGNORECASE,
)
"""A yes that says what is done, as the button does: to Rasa it sounds like a new wish."""


async def withdraw(turn: Turn, session: AsyncSession) -> None:
    """One step: which need, sure, withdrawn."""
    if turn.asked and (leaves_off(turn) or (turn.asked == "confirm" and turn.intent == "deny")):
        turn.end()
        turn.say("need_kept")
    elif turn.asked == "confirm" and _says_yes(turn):
        await _withdraw(turn, session)
    elif not turn.asked or not leads_elsewhere(turn, "withdraw_form"):
        await _ask_about_open(turn, session)


async def _ask_about_open(turn: Turn, session: AsyncSession) -> None:
    lines = await find_open_needs(turn, session)
    if lines:
        await _ask(turn, session, pick(turn, lines), lines)
    else:
        turn.end()
        turn.say("needs_none", offer("report_need"))


async def _ask(turn: Turn, session: AsyncSession, line: NeedLine | None, lines: Sequence[NeedLine]) -> None:
    chosen = turn.asked == "which" and line is not None
    if turn.asked and not chosen and not await answered_aside(turn, session):
        say_unclear(turn, "which_unclear" if line is None else "answer_unclear")
    if line is None:
        turn.ask("which", "need_which", *buttons_for(lines))
        return
    turn.keep(need=str(line.need.id))
    turn.ask(
        "confirm",
        "need_confirm_withdrawal",
        Button("button_withdraw", payload("affirm", draft=str(line.need.id))),
        Button("button_keep_need", payload("deny", draft=str(line.need.id))),
        **facts(line.need),
    )


def _says_yes(turn: Turn) -> bool:
    """Whether it is a yes, to the need that was asked about and not by an older button."""
    asked = str(turn.slots.get("need"))
    is_yes = turn.intent == "affirm" or _YES_WITHDRAW.fullmatch(turn.text)
    return bool(is_yes) and turn.entities.get("draft", asked) == asked


async def _withdraw(turn: Turn, session: AsyncSession) -> None:
    """Withdraw and say so; run again because the answer was lost, it finds the need withdrawn and says the same."""
    need = await withdraw_need(session, turn.resident_id, UUID(str(turn.slots["need"])))
    turn.end()
    turn.say("need_withdrawn", **facts(need))
