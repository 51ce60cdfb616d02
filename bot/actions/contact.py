"""Asking how an office is reached: the community's own phone and hours, or the answer about who was named."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.offices import tell_community
from bot.actions.procedures import answered_surely
from bot.actions.turn import Turn
from community.places.queries import find_communities
from community.residents.queries import get_profile


async def tell_contact(turn: Turn, session: AsyncSession) -> None:
    """Who was named, where that is sure; else the community of the person; all of them where it is not known."""
    if await answered_surely(turn, session):
        return
    profile = await get_profile(session, turn.resident_id)
    known = [profile.community] if profile.community else await find_communities(session)
    for community in known[:3]:
        tell_community(turn, community)
    if not known:
        turn.say("contact_unknown")
