"""Stepping in for somebody who cannot come: yes or no by button, a bare word, or in words right after."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activity_words import read_wish
from bot.actions.turn import Turn
from community.activities.models import Part
from community.activities.queries import get_shift_line
from community.clock import now
from community.errors import NotFound
from community.outbox.queries import find_told_last
from community.residents.queries import get_profile
from community.signups.usecases.joining import join_shift
from community.substitutes.queries import find_asked_shift
from community.substitutes.usecases import note_answer


async def step_in(turn: Turn, session: AsyncSession, shift_id: UUID, part: Part = Part.VOLUNTEER) -> None:
    """Whoever was asked to step in does so, unless somebody else did first."""
    turn.end()
    held = await join_shift(
        session, turn.resident_id, shift_id, part, only_if_free=True, message_id=turn.message_id
    )
    turn.say("stepped_in", **held.values)


async def answer_ask(turn: Turn, session: AsyncSession, shift_id: UUID, *, comes: bool) -> None:
    """Keep the answer, and act on it."""
    await note_answer(session, turn.resident_id, shift_id, said=comes)
    if comes:
        await step_in(turn, session, shift_id)
    else:
        turn.end()
        turn.say("substitute_refused")


async def find_just_asked(turn: Turn, session: AsyncSession) -> UUID | None:
    """The shift about which Linli asked last, None where the words name another day or another kind."""
    told = await find_told_last(session, turn.resident_id, turn.message_id)
    shift_id = await find_asked_shift(session, told)
    return shift_id if shift_id and await _may_mean(turn, session, shift_id) else None


async def _may_mean(turn: Turn, session: AsyncSession, shift_id: UUID) -> bool:
    community = (await get_profile(session, turn.resident_id)).community
    if community is None:
        return False
    try:
        line = await get_shift_line(session, community.id, shift_id)
    except NotFound:  # they were asked where they lived before
        return False
    return read_wish(turn.text, now(), community.zone).fits(line)
