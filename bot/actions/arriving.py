"""Arriving and going: the four digits that the spot shows this minute, said with "签到" or after it was asked for."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.turn import ACTIVITY_FORM, Turn
from community.clock import now
from community.errors import Refused
from community.signups.models import SignUp
from community.signups.usecases.arriving import check_in, check_out, count_code, find_arriving, find_present

CODE = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_GOES = re.compile(
    r"签退|签离|下班|结束了|做完了|走了|check(?:ing|ed)? (?:me )?out|sign(?:ing)? (?:me )?o(?:ut|ff)"
    r"|clock(?:ing)? out|finished|leaving",
    re.IGNORECASE,
)


async def take_arrival(turn: Turn, session: AsyncSession) -> None:
    """Outside of a form: note it where the code came along, else ask for the code."""
    arriving = await find_shift(turn, session)
    if arriving is None:
        return
    if code := CODE.search(turn.text):
        await note_arrival(turn, session, arriving, code[0])
    elif turn.form is None:
        turn.switch_to(ACTIVITY_FORM)
    else:
        turn.say("check_in_with_code")


async def find_shift(turn: Turn, session: AsyncSession) -> SignUp | None:
    """The shift that takes arrivals; says so where there is none, and lets go whoever is there already."""
    present = await find_present(session, turn.resident_id, now())
    if present is not None:
        await _tell_present(turn, session, present.id)
        return None
    arriving = await find_arriving(session, turn.resident_id, now())
    if arriving is None:
        turn.say("check_in_nothing")
    return arriving


async def _tell_present(turn: Turn, session: AsyncSession, sign_up_id: UUID) -> None:
    if _GOES.search(turn.text):
        held = await check_out(session, turn.resident_id, sign_up_id)
        turn.say("checked_out", **held.values)
    else:
        turn.say("check_in_before")


async def note_arrival(turn: Turn, session: AsyncSession, arriving: SignUp, code: str) -> bool:
    """Whether the code was right; wrong ones are counted, so that none can be guessed."""
    await count_code(session, turn.resident_id)
    try:
        held = await check_in(session, turn.resident_id, arriving.id, code)
    except Refused as refusal:
        turn.say(refusal.message, **refusal.values)
        return False
    turn.say("checked_in", **held.values)
    return True
