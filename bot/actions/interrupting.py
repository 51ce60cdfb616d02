"""What may be said in the middle of anything: it is taken first, and then the form asks on; not within a crisis."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.running import Step
from bot.actions.turn import CRISIS_FORM, Turn

Taken = Callable[[Turn, AsyncSession], Awaitable[bool]]
"""Takes the message where it is about its own matter, and says whether it was."""


def interrupted_by(taken: Taken, step: Step) -> Step:
    """The step, unless `taken` takes the message: then an open question is asked again."""

    async def take(turn: Turn, session: AsyncSession) -> None:
        if turn.form == CRISIS_FORM or not await taken(turn, session):
            await step(turn, session)
        elif turn.asked:
            turn.ask_again()
        elif turn.form is not None:
            turn.end()

    return take
