"""Who can be called about an answer: a party of the person's community, and lines with the hours of their rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.turn import Turn
from community.clock import now
from community.hotlines.models import Hotline
from community.hotlines.queries import find_hotlines, is_answered
from community.needs.clocks import WEEKDAYS, intervals_on, next_opening
from community.parties.models import PartyType
from community.parties.queries import find_parties_of_type
from community.places.models import Community
from community.residents.queries import Profile


async def tell_office(turn: Turn, session: AsyncSession, profile: Profile, office: PartyType) -> None:
    """Name and phone of the community's party of this kind; for the committee its hours too. Nothing where unknown."""
    community = profile.community
    if community is None:
        return
    if office is PartyType.COMMITTEE:
        tell_community(turn, community)
        return
    for party in await find_parties_of_type(session, community, office):
        if party.phone:
            turn.say("answer_office", party=party.name, phone=party.phone)


async def tell_lines(turn: Turn, session: AsyncSession, profile: Profile, numbers: Sequence[str]) -> None:
    """When a line is answered, where the community's data hold hours for it; one that always is needs no word."""
    if profile.community is None or not numbers:
        return
    at, zone = now(), profile.community.zone
    for line in await find_hotlines(session, profile.community.id):
        if line.number in numbers and line.hours is not None:
            hours = _hours_today(line, zone, at)
            turn.say("answer_line", number=line.number, hours=hours, open=is_answered(line.hours, zone, at))


def tell_community(turn: Turn, community: Community) -> None:
    """Phone and hours of the community office today."""
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


def _hours_today(line: Hotline, zone: str, at: datetime) -> list[str]:
    weekday = WEEKDAYS[at.astimezone(ZoneInfo(zone)).weekday()]
    return [f"{start}–{end}" for start, end in (line.hours or {}).get(weekday, ())]
