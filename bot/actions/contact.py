"""Asking how the community office is reached: phone and hours are data, so what is said holds."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.turn import Turn
from community.clock import now
from community.needs.clocks import intervals_on, next_opening
from community.places.models import Community
from community.places.queries import find_communities
from community.residents.queries import get_profile


async def tell_contact(turn: Turn, session: AsyncSession) -> None:
    """Say the phone and today's hours of the person's community; of all communities where it is not known."""
    profile = await get_profile(session, turn.resident_id)
    known = [profile.community] if profile.community else await find_communities(session)
    for community in known[:3]:
        _tell(turn, community)
    if not known:
        turn.say("contact_unknown")


def _tell(turn: Turn, community: Community) -> None:
    at = now()
    today = at.astimezone(ZoneInfo(community.zone)).date()
    opens = next_opening(community.office_hours, community.zone, at)
    hours = [f"{start:%H:%M}–{end:%H:%M}" for start, end in intervals_on(today, community.office_hours)]
    turn.say(
        "contact",
        community=community.name,
        phone=community.phone,
        hours=hours,
        open=opens == at,
        opens=opens.isoformat() if opens else None,
    )
