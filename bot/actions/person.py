"""Asking for a person: the wish is queued with the committee; what is said about when comes from the duty roster."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.choosing import ask_community
from bot.actions.turn import Turn
from community.clock import now
from community.conversations.usecases import ask_for_person, find_next_duty, find_on_duty
from community.needs.clocks import next_opening
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
    at = now()
    on_duty = await find_on_duty(session, handover.party_id, at)
    if on_duty is not None:
        turn.say("person_on_duty", name=on_duty[0].name)
        return
    following = await find_next_duty(session, handover.party_id, at)
    opens = next_opening(profile.community.office_hours, profile.community.zone, at)
    if following is not None:
        turn.say("person_next", name=following[0].name, since=following[1].starts_at.isoformat())
    elif opens is not None and opens > at:
        turn.say("person_office_closed", opens=opens.isoformat(), phone=profile.community.phone)
    else:
        phone = None if confided else profile.community.phone
        turn.say("person_queued", phone=phone, confided=confided)
