"""Activities and one's own shifts: what is on, what one is signed up for with hours, and how it was."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.activity_lists import OWN_PAGE, choose_lines, find_lines, say_if_no_such_day, tell_lines
from bot.actions.buttons import offer
from bot.actions.changing_words import read_wanted
from bot.actions.choosing import ask_community
from bot.actions.contact import tell_contact
from bot.actions.feedback import take_score
from bot.actions.notices import tell_notice
from bot.actions.turn import Turn
from community.clock import now
from community.credits.usecases import get_balance, keeps_time_bank
from community.notices.reading import find_newest, reader_of
from community.residents.queries import Profile, get_profile
from community.signups.queries import OwnSignUp, find_hours, find_own_open

CATEGORIES = ("activity", "volunteers")
"""The notices that announce something to take part in."""
MOST, LOOKED_AT = 3, 30
MOST_OWN = 6


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


async def tell_own_shifts(turn: Turn, session: AsyncSession) -> None:
    """What one is signed up for, hours and what the time bank holds; a button under the thanks says how it was."""
    if "score" in turn.entities and "signup" in turn.entities:
        await take_score(turn, session, UUID(turn.entities["signup"]), int(turn.entities["score"]))
        return
    own = await find_own_open(session, turn.resident_id, now())
    hours = await find_hours(session, turn.resident_id)
    if own:
        turn.say("own_shifts", lines=[_line(each) for each in own[:MOST_OWN]], page=OWN_PAGE)
    if hours.shifts:
        bank = await _find_bank(session, turn.resident_id)
        turn.say(
            "own_hours",
            hours=_hours(hours.minutes),
            shifts=hours.shifts,
            bank=bank,
            page=None if own else OWN_PAGE,
        )
    if not own:
        turn.say("own_shifts_none", offer("find_activities"))


async def _find_bank(session: AsyncSession, resident_id: UUID) -> float | None:
    """The hours in the time bank, where the community keeps one."""
    community = (await get_profile(session, resident_id)).community
    if community is None or not await keeps_time_bank(session, community.id):
        return None
    return _hours(await get_balance(session, resident_id, community.id))


def _hours(minutes: int) -> float:
    return round(minutes / 60, 1)


def _line(own: OwnSignUp) -> dict[str, object]:
    return {
        "title": own.activity.title,
        "starts": own.shift.starts_at.isoformat(),
        "where": own.activity.where,
        "state": own.sign_up.state.value,
        "people": own.sign_up.people,
        "position": own.position,
    }
