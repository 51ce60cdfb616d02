"""Arriving and going: the four digits that the spot shows this minute, said with "签到" or after it was asked for."""

from __future__ import annotations

import re

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.turn import ACTIVITY_FORM, Turn
from community.clock import now
from community.errors import Refused
from community.signups.usecases.arriving import (
    check_in_by_code,
    check_out,
    count_code,
    find_arriving,
    find_present,
)

CODE = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_GOES = re.compile(
    r"签退|签离|下班|结束了|做完了|走了|check(?:ing|ed)? (?:me )?out|sign(?:ing)? (?:me )?o(?:ut|ff)"
    r"|clock(?:ing)? out|finished|leaving",
    re.IGNORECASE,
)


async def take_arrival(turn: Turn, session: AsyncSession) -> None:
    """Outside of a form: note it where the code came along, else ask for the code."""
    if not await takes_arrival(turn, session):
        return
    if code := CODE.search(turn.text):
        await note_arrival(turn, session, code[0])
    elif turn.form is None:
        turn.switch_to(ACTIVITY_FORM)
    else:
        turn.say("check_in_with_code")


async def takes_arrival(turn: Turn, session: AsyncSession) -> bool:
    """Whether a shift takes arrivals; says so where none does, and lets go whoever is there already."""
    present = await find_present(session, turn.resident_id, now())
    if present is not None and _GOES.search(turn.text):
        held = await check_out(session, turn.resident_id, present.id)
        turn.say("checked_out", **held.values)
        return False
    if await find_arriving(session, turn.resident_id, now()):
        return True
    turn.say("check_in_nothing" if present is None else "check_in_before")
    return False


async def note_arrival(turn: Turn, session: AsyncSession, code: str) -> bool:
    """Whether the code was right; wrong ones are counted, so that none can be guessed."""
    await count_code(session, turn.resident_id)
    try:
        held = await check_in_by_code(session, turn.resident_id, code)
    except Refused as refusal:
        turn.say(refusal.message, **refusal.values)
        return False
    turn.say("checked_in", **held.values)
    return True
