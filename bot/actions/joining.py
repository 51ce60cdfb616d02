"""Signing up in the chat: which shift, as what, with whom, old enough, read back, done; asked only where missing."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activity_words import read_ages, read_answered_part, read_old_enough
from bot.actions.asides import leaves_off
from bot.actions.changing_words import agrees
from bot.actions.joining_changes import changed_mind
from bot.actions.joining_choice import begin, take_community, take_which
from bot.actions.joining_draft import Draft
from bot.actions.joining_steps import get_line, go_on, interrupted, sign_up, take_age
from bot.actions.turn import Turn
from community.activities.models import Part


async def join(turn: Turn, session: AsyncSession) -> None:
    """One step of a sign-up."""
    draft = Draft.of(turn)
    if turn.entities.get("draft", draft.id) != draft.id:
        turn.say("question_is_over")
        await go_on(turn, session, draft)
    elif turn.asked in ("part", "age", "confirm") and await changed_mind(turn, session, draft):
        return
    elif (turn.asked and leaves_off(turn)) or (
        turn.asked in ("confirm", "which") and leaves_off(turn, "deny", "cancel_signup")
    ):
        turn.end()
        turn.say("join_dropped")
    elif turn.asked is None:
        await begin(turn, session, draft)
    else:
        await _take_answer(turn, session, draft)


async def _take_answer(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    if turn.asked == "community":
        await take_community(turn, session, draft)
    elif turn.asked == "which":
        await take_which(turn, session, draft)
    elif turn.asked == "part":
        await _take_part(turn, session, draft)
    elif turn.asked == "age":
        await _take_age(turn, session, draft)
    elif turn.intent in ("affirm", "ack_notice", "confirm_shift") or agrees(turn.text):
        await sign_up(turn, session, draft)
    else:
        await interrupted(turn, session, draft)


async def _take_part(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    told = turn.entities.get("value")
    part = Part(told) if told in set(Part) else read_answered_part(turn.text)
    if part is not None:
        await go_on(turn, session, replace(draft, part=part.value))
    else:
        await interrupted(turn, session, draft)


async def _take_age(turn: Turn, session: AsyncSession, draft: Draft) -> None:
    line = await get_line(turn, session, draft)
    is_grown = read_old_enough(turn.text, line.activity.minimum_age or 0)
    if turn.intent == "deny" or is_grown is False:
        await take_age(turn, session, draft, line, is_grown=False)
    elif is_grown or (turn.intent == "affirm" and not read_ages(turn.text)):
        await take_age(turn, session, draft, line, is_grown=True)
    else:
        await interrupted(turn, session, draft)
