"""What a crisis is answered with first: the number and advice for the danger, and truthfully who comes and when.

`crisis.py` takes the steps; the lines and the roster are data, so nothing here is promised that they do not hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import choice
from bot.actions.dangers import is_about_another
from bot.actions.turn import Button, Turn
from community.alerts.crisis import SECRET, Crisis
from community.clock import now
from community.hotlines.models import Danger
from community.hotlines.queries import OpenLine, find_lines_for
from community.needs.usecases.steps import name_party
from community.residents.queries import get_profile

MOST_LINES = 3
WITH_YOU, SAFE = "with_you", "safe"
"""The two questions that keep the person talking."""

ADVICE = {
    Danger.SELF_HARM: "crisis_self",
    Danger.VIOLENCE: "crisis_violence",
    Danger.FIRE: "crisis_fire",
    Danger.GAS: "crisis_gas",
    Danger.INJURY: "crisis_injury",
    Danger.MISSING: "crisis_missing",
    Danger.OTHER: "crisis_other",
}


async def advise(turn: Turn, session: AsyncSession, danger: Danger) -> None:
    """The first words: whom to call now, and what to do until then."""
    lines = await find_lines(turn, session, danger)
    another = danger is Danger.SELF_HARM and is_about_another(turn.text)
    turn.say(
        "crisis_another" if another else ADVICE[danger],
        *call_buttons(lines),
        lines=[line.as_json() for line in lines],
    )


async def say_who_comes(turn: Turn, session: AsyncSession, crisis: Crisis, danger: Danger) -> None:
    """Who was alerted, or honestly when somebody is there; and the question that keeps the person talking."""
    alone = danger is Danger.SELF_HARM
    question, buttons = (WITH_YOU, _company()) if alone else (SAFE, _safety())
    lines = await find_lines(turn, session, danger)
    values: dict[str, Any] = {"alone": alone, "secret": danger in SECRET, "number": lines[0].number}
    if crisis.taken_by:
        turn.ask(question, "crisis_taken_already", *buttons, name=crisis.taken_by, **values)
    elif crisis.on_duty:
        turn.ask(question, "crisis_on_duty", *buttons, name=crisis.on_duty, **values)
    elif crisis.promised_at is not None and crisis.promised_at > now():
        promised = crisis.promised_at.isoformat()
        turn.ask(question, "crisis_off_duty", *buttons, promised=promised, **values)
    else:
        party = await name_party(session, crisis.need.lead_party_id)
        turn.ask(question, "crisis_calling", *buttons, party=party, **values)


async def find_lines(turn: Turn, session: AsyncSession, danger: Danger) -> Sequence[OpenLine]:
    profile = await get_profile(session, turn.resident_id)
    community_id = profile.community.id if profile.community else None
    return (await find_lines_for(session, community_id, danger, now()))[:MOST_LINES]


def call_buttons(lines: Sequence[OpenLine]) -> list[Button]:
    """A tap calls; a channel that cannot do that shows the number, which stands in the words as well."""
    return [Button("button_call", f"tel:{line.number}", {"number": line.number}) for line in lines]


def _company() -> list[Button]:
    return [choice("button_somebody_here", "yes"), choice("button_nobody_here", "no")]


def _safety() -> list[Button]:
    return [choice("button_safe", "yes"), choice("button_not_safe", "no")]
