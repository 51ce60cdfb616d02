"""Taking a need back: which one is asked where there are several, and nothing is withdrawn without a yes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.asides import answered_aside, leads_elsewhere, leaves_off
from bot.actions.buttons import offer, payload
from bot.actions.own_needs import buttons_for, facts, find_open_needs, pick
from bot.actions.turn import Button, Turn
from community.needs.queries import NeedLine
from community.needs.usecases.residents import withdraw_need


async def withdraw(turn: Turn, session: AsyncSession) -> None:
    """One step: which need, sure, withdrawn."""
    if turn.asked and (leaves_off(turn) or (turn.asked == "confirm" and turn.intent == "deny")):
        turn.end()
        turn.say("need_kept")
        return
    if turn.asked and leads_elsewhere(turn, "withdraw_form"):
        return
    lines = await find_open_needs(turn, session)
    line = pick(turn, lines)
    if not lines:
        turn.end()
        turn.say("needs_none", offer("report_need"))
    elif turn.asked == "confirm" and turn.intent == "affirm" and _is_meant(turn):
        await _withdraw(turn, session)
    else:
        await _ask(turn, session, line, lines)


async def _ask(turn: Turn, session: AsyncSession, line: NeedLine | None, lines: Sequence[NeedLine]) -> None:
    chosen = turn.asked == "which" and line is not None
    if turn.asked and not chosen and not await answered_aside(turn, session):
        turn.count_failure()
        turn.say("which_unclear" if line is None else "answer_unclear")
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


def _is_meant(turn: Turn) -> bool:
    """Whether the yes belongs to the need that was asked about, and not to an older button."""
    asked = str(turn.slots.get("need"))
    return turn.entities.get("draft", asked) == asked


async def _withdraw(turn: Turn, session: AsyncSession) -> None:
    need = await withdraw_need(session, turn.resident_id, UUID(str(turn.slots["need"])))
    turn.end()
    turn.say("need_withdrawn", **facts(need))
