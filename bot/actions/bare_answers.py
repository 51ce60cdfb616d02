"""A bare yes, no or score outside of any question of a form: what it is the answer to, where Linli told of a shift."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.changing_words import agrees
from bot.actions.coming import CONFIRM, do, is_asked, keep_leaving
from bot.actions.feedback import rated_in_words
from bot.actions.stepping_in import answer_ask
from bot.actions.swapping import take_answer
from bot.actions.turn import ACTIVITY_FORM, Turn
from community.clock import now
from community.outbox.queries import find_told_last
from community.signups.queries import find_own_open
from community.substitutes.queries import find_asked_shift


async def answered_question(turn: Turn, session: AsyncSession) -> bool:
    """A bare yes or no to what Linli asked about a shift; False where that was not the last thing she told.

    A yes is taken; a no gives up a place and may be meant for something else, so it is asked about first.
    """
    told = await find_told_last(session, turn.resident_id, turn.message_id)
    if await rated_in_words(turn, session, told):
        return True
    if turn.intent not in ("affirm", "deny"):
        return False
    if swap_id := _asked_to_swap(told):
        await take_answer(turn, session, swap_id, agrees=turn.intent == "affirm")
    elif shift_id := await find_asked_shift(session, told):
        await answer_ask(turn, session, shift_id, comes=turn.intent == "affirm")
    elif not await _answered_own(turn, session, told):
        return _took_the_one(turn)
    return True


async def _answered_own(turn: Turn, session: AsyncSession, told: str | None) -> bool:
    """About the one shift that Linli asked about."""
    asked = [own for own in await find_own_open(session, turn.resident_id, now()) if is_asked(own)]
    if len(asked) != 1 or not (told or "").startswith(f"sign_up:{asked[0].sign_up.id}:"):
        return False
    if turn.intent == "affirm":
        await do(turn, session, CONFIRM, asked[0])
    else:
        turn.switch_to(ACTIVITY_FORM)
        keep_leaving(turn, asked[0])
    return True


def _took_the_one(turn: Turn) -> bool:
    """Whether the words take the one activity that was shown: "那就这个吧"; the form reads it back."""
    if len(turn.slots.get("listed") or ()) != 1 or not agrees(turn.text):
        return False
    turn.switch_to(ACTIVITY_FORM)
    return True


def _asked_to_swap(told: str | None) -> UUID | None:
    """The swap that Linli has just asked about."""
    parts = (told or "").split(":")
    return UUID(parts[1]) if parts[0] == "swap" and parts[2] == "ask" else None
