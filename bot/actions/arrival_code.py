"""The question for the code of the spot, as a step of the form of activities."""

from __future__ import annotations

import re

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.arriving import CODE, note_arrival, takes_arrival
from bot.actions.asides import answered_aside, leads_elsewhere, leaves_off
from bot.actions.turn import ACTIVITY_FORM, Turn
from community.clock import now
from community.signups.queries import get_own
from community.signups.usecases.arriving import find_arriving

_SEEKS = re.compile(
    r"哪|[没沒]有?(?:看[到见])?.{0,4}码|(?:找|看)不[到见清]|不知道|什么码|啥码|[没沒忘]了?带|没手机"
    r"|where|no code|can'?t (?:see|find)|what code|which code|no phone",
    re.IGNORECASE,
)


async def arrive(turn: Turn, session: AsyncSession) -> None:
    """The form's step: the code is asked for until it is right, or the person leaves off."""
    if turn.asked is None:
        turn.ask("code", "check_in_ask_code")
        return
    code = CODE.search(turn.text)
    if code is not None:
        if not await takes_arrival(turn, session) or await note_arrival(turn, session, code[0]):
            turn.end()
        else:
            turn.ask_again()
    elif leaves_off(turn, "deny"):
        turn.end()
        turn.say("what_else")
    elif not leads_elsewhere(turn, ACTIVITY_FORM):
        if _SEEKS.search(turn.text):
            await _tell_where(turn, session)
        else:
            await answered_aside(turn, session)
        turn.ask("code", "check_in_ask_code")


async def _tell_where(turn: Turn, session: AsyncSession) -> None:
    """Where the code is to be seen, and who notes an arrival without one."""
    arriving = await find_arriving(session, turn.resident_id, now())
    if arriving:
        own = await get_own(session, turn.resident_id, arriving[0][0])
        turn.say("check_in_where", contact=own.activity.contact)
