"""What was wanted before the community was known follows as soon as the person names it, by button or in words."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activities import tell_activities
from bot.actions.notices import tell_notices
from bot.actions.person import call_person
from bot.actions.report_places import take_community
from bot.actions.running import Step
from bot.actions.turn import Turn

LONGEST = 20
WANTED: Mapping[str, Step] = {
    "talk_to_human": call_person,
    "read_notices": tell_notices,
    "find_activities": tell_activities,
}


def after_community(step: Step) -> Step:
    """The step, unless the message answers which community; then what waited for that."""

    async def take(turn: Turn, session: AsyncSession) -> None:
        wanted = WANTED.get(str(turn.slots.get("wanted")))
        if wanted and len(turn.text) <= LONGEST and await take_community(turn, session):
            await wanted(turn, session)
            turn.end()
        else:
            await step(turn, session)

    return take
