"""A button that was tapped outside of a form: a community that was asked for, or a question that is over."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import menu
from bot.actions.report_places import community_buttons, take_community
from bot.actions.turn import Turn
from community.places.queries import find_communities


async def take_choice(turn: Turn, session: AsyncSession) -> None:
    """The person belongs to the community that was tapped; any other button is late."""
    community = await take_community(turn, session)
    if community is None:
        turn.say("question_is_over", *menu())
    else:
        turn.say("community_chosen", *menu(), community=community.name)


async def ask_community(turn: Turn, session: AsyncSession, message: str) -> None:
    """Say why the community is needed, and offer the street's; what was wanted follows when it is known."""
    turn.keep(wanted=turn.intent)
    turn.say(message, *community_buttons(await find_communities(session)))
