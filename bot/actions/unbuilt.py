"""Skills that are not there yet: said honestly, with the person who can help meanwhile."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import offer
from bot.actions.contact import tell_contact
from bot.actions.turn import Turn


async def say_who_knows(turn: Turn, session: AsyncSession) -> None:
    """How a procedure works is known at the office; its phone and hours, or somebody to write back."""
    turn.say("procedure_at_office", offer("talk_to_human"))
    await tell_contact(turn, session)
