"""Asking for a person: the wish is queued with the committee; what is said about when comes from the duty roster."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.choosing import ask_community
from bot.actions.turn import Turn
from bot.actions.unclear import next_wording
from community.clock import now
from community.conversations.models import Handover
from community.conversations.usecases import ask_for_person, find_next_duty, find_on_duty
from community.needs.clocks import next_opening
from community.places.models import Community
from community.residents.queries import get_profile


async def call_person(turn: Turn, session: AsyncSession) -> None:
    """Queue the wish and say truthfully who is there now, or when somebody is next."""
    await leave_word(turn, session, turn.text)


async def leave_word(turn: Turn, session: AsyncSession, words: str, *, confided: bool = False) -> None:
    """Leave these words with the committee, which writes to the person; the same honest answer.

    Somebody who confides in Linli is left to the social work team.
    """
    profile = await get_profile(session, turn.resident_id)
    if profile.community is None:
        await ask_community(turn, session, "person_community_unknown")
        return
    handover = await ask_for_person(
        session, turn.resident_id, words, message_id=turn.message_id, confided=confided
    )
    taken = handover.taken_at is not None  # somebody speaks with them already: nobody is to come
    message, values = ("", {}) if taken else await _who_and_when(session, handover, profile.community)
    if confided:
        values.pop("phone", None)
    if taken or handover.message_id != turn.message_id:  # it was asked before and waits
        turn.say("person_waits", nth=next_wording(turn, "person_waits"), **values)
    elif message == "person_queued":
        turn.say(message, **values, confided=confided)
    else:
        turn.say(message, **values)


async def _who_and_when(
    session: AsyncSession, handover: Handover, community: Community
) -> tuple[str, dict[str, Any]]:
    """Who is on duty, or who comes next and when, as far as it is known."""
    at = now()
    on_duty = await find_on_duty(session, handover.party_id, at)
    if on_duty is not None:
        return "person_on_duty", {"name": on_duty[0].name}
    following = await find_next_duty(session, handover.party_id, at)
    if following is not None:
        return "person_next", {"name": following[0].name, "since": following[1].starts_at.isoformat()}
    opens = next_opening(community.office_hours, community.zone, at)
    if opens is not None and opens > at:
        return "person_office_closed", {"opens": opens.isoformat(), "phone": community.phone}
    return "person_queued", {"phone": community.phone}
