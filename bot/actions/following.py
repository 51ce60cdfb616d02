"""Asking how far a need is: one is told with the last thing that happened, several are listed to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import offer
from bot.actions.own_needs import buttons_for, facts, named_by_code, pick
from bot.actions.turn import Button, Turn
from community.needs.lines import NeedLine
from community.needs.models import ENDED
from community.needs.queries import find_own_needs
from community.needs.story import find_last_answer

MOST_LISTED = 4


async def tell_progress(turn: Turn, session: AsyncSession) -> None:
    """Say how far the person's needs are."""
    lines = await find_own_needs(session, turn.resident_id, most=20)
    open_lines = [line for line in lines if line.need.state not in ENDED]
    is_any_meant = not open_lines or turn.entities or named_by_code(turn, lines)
    line = pick(turn, lines if is_any_meant else open_lines)
    if line is not None:
        await _tell_one(turn, session, line)
    elif open_lines:
        _list(turn, open_lines)
    else:
        turn.say("needs_none", offer("report_need"))


async def _tell_one(turn: Turn, session: AsyncSession, line: NeedLine) -> None:
    answer = await find_last_answer(session, line.need.id)
    turn.say(
        "need_progress",
        **facts(line.need),
        party=line.party.name if line.party else None,
        due=line.need.first_answer_due_at.isoformat(),
        answered=line.need.first_answered_at is not None,
        changed=line.need.changed_at.isoformat(),
    )
    if answer is not None:
        turn.say(
            "need_last_answer",
            words=answer.words,
            name=answer.who,
            party=answer.party,
            at=answer.at.isoformat(),
        )


def _list(turn: Turn, lines: Sequence[NeedLine]) -> None:
    needs = [facts(line.need) for line in lines[:MOST_LISTED]]
    turn.say("needs_list", *_choices(lines), needs=needs, more=len(lines) - len(needs))


def _choices(lines: Sequence[NeedLine]) -> list[Button]:
    """Tapping one asks for that one."""
    return [
        Button(button.label, button.payload.replace("/choose", "/follow_need", 1), button.values)
        for button in buttons_for(lines)
    ]
