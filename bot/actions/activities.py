"""Activities and shifts, as far as they are here: announcements are read out, the rest is with the committee.

There is no plan of activities and no list of shifts yet, so nothing is promised from them.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import offer
from bot.actions.choosing import ask_community
from bot.actions.contact import tell_contact
from bot.actions.notices import tell_notice
from bot.actions.turn import Turn
from community.clock import now
from community.notices.queries import find_valid_notices
from community.residents.queries import get_profile

CATEGORIES = ("activity", "volunteers")
"""The notices that announce something to take part in."""
MOST, LOOKED_AT = 3, 30


async def tell_activities(turn: Turn, session: AsyncSession) -> None:
    """Read out the notices that announce activities; where there are none, who can be asked."""
    profile = await get_profile(session, turn.resident_id)
    if profile.community is None:
        await ask_community(turn, session, "notices_community_unknown")
        return
    notices = await find_valid_notices(session, profile.community.id, now(), LOOKED_AT)
    announced = [notice for notice in notices if notice.category in CATEGORIES][:MOST]
    for notice in announced:
        tell_notice(turn, notice, profile.community)
    if announced:
        turn.say("activities_join", offer("join_activity"), offer("talk_to_human"))
    else:
        turn.say("activities_none", offer("read_notices"), offer("talk_to_human"))
        await tell_contact(turn, session)


async def tell_own_shifts(turn: Turn, session: AsyncSession) -> None:
    """Hours, shifts and certificates are not kept here yet; say so, and who has the list."""
    turn.say("shifts_not_here", offer("talk_to_human"))
    await tell_contact(turn, session)


async def take_arrival(turn: Turn, _: AsyncSession) -> None:
    """Arriving is noted on the spot, not here."""
    turn.say("check_in_on_the_spot", offer("talk_to_human"))
