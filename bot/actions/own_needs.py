"""Which of a person's needs is meant: the one tapped, the one whose code or kind was named, or the only one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import choice
from bot.actions.turn import Button, Turn
from community.needs.codes import find_codes
from community.needs.kinds import kind_of
from community.needs.lines import NeedLine
from community.needs.models import Need
from community.needs.queries import find_own_needs

MOST_BUTTONS = 4


async def find_open_needs(turn: Turn, session: AsyncSession) -> Sequence[NeedLine]:
    """The person's needs that are not over, newest first."""
    return await find_own_needs(session, turn.resident_id, only_open=True)


def pick(turn: Turn, lines: Sequence[NeedLine]) -> NeedLine | None:
    """The one that the person means, None where that is not clear."""
    told = turn.entities.get("value") or turn.slots.get("need")
    if told:
        return next((line for line in lines if str(line.need.id) == told), None)
    named = named_by_code(turn, lines)
    if not named and turn.need.sure:
        named = [line for line in lines if line.need.kind == turn.need.kind]
    candidates = named or lines
    return candidates[0] if len(candidates) == 1 else None


def named_by_code(turn: Turn, lines: Sequence[NeedLine]) -> list[NeedLine]:
    """Those whose code the person says."""
    codes = find_codes(turn.text)
    return [line for line in lines if line.need.code in codes]


def buttons_for(lines: Sequence[NeedLine]) -> list[Button]:
    """A button for each need, as many as are allowed."""
    return [
        choice(
            "button_need", str(line.need.id), {"kind": kind_of(line.need.kind).name, "code": line.need.code}
        )
        for line in lines[:MOST_BUTTONS]
    ]


def facts(need: Need) -> dict[str, Any]:
    """What every message about a need may say of it."""
    return {"code": need.code, "kind": kind_of(need.kind).name, "state": need.state.value}
