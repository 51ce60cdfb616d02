"""Activities: what is on then, or nearest to it; where nothing is planned, the notices that announce something."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activity_lists import choose_lines, find_lines, say_if_no_such_day, tell_lines
from bot.actions.buttons import offer
from bot.actions.changing_words import read_wanted
from bot.actions.choosing import ask_community
from bot.actions.contact import tell_contact
from bot.actions.notices import tell_notice
from bot.actions.turn import Turn
from community.clock import now
from community.notices.reading import find_newest, reader_of
from community.residents.queries import Profile, get_profile

CATEGORIES = ("activity", "volunteers")
"""The notices that announce something to take part in."""
MOST, LOOKED_AT = 3, 30


async def tell_activities(turn: Turn, session: AsyncSession) -> None:
    """What is on then, or nearest to it; where nothing is planned, the notices that announce something."""
    profile = await get_profile(session, turn.resident_id)
    if profile.community is None:
        await ask_community(turn, session, "notices_community_unknown")
        return
    lines = await find_lines(session, profile.community)
    if lines:
        say_if_no_such_day(turn, turn.text, profile.community)
        chosen, exact = choose_lines(lines, read_wanted(turn.text, now(), profile.community.zone))
        tell_lines(turn, chosen, exact=exact)
    else:
        await _tell_notices(turn, session, profile)


async def _tell_notices(turn: Turn, session: AsyncSession, profile: Profile) -> None:
    notices = await find_newest(session, reader_of(profile), now(), LOOKED_AT)
    announced = [notice for notice in notices if notice.category in CATEGORIES][:MOST]
    for notice in announced:
        await tell_notice(turn, session, notice)
    if announced:
        turn.say("activities_join", offer("join_activity"), offer("talk_to_human"))
    else:
        turn.say("activities_none", offer("read_notices"), offer("talk_to_human"))
        await tell_contact(turn, session)
