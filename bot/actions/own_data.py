"""What is kept about a person, told from what is kept; a copy or deletion is with the committee until it is here."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import offer
from bot.actions.turn import Turn
from community.needs.queries import count_own_needs
from community.residents.models import Language
from community.residents.queries import get_profile


async def tell_own_data(turn: Turn, session: AsyncSession) -> None:
    """Say what is kept, and who can give a copy or delete it."""
    profile = await get_profile(session, turn.resident_id)
    person = profile.resident
    turn.say(
        "my_data",
        community=profile.community.name if profile.community else None,
        home=profile.home.name if profile.home else None,
        has_name=bool(person.name),
        has_phone=bool(person.phone),
        language=(person.language or Language.ZH).value,
        needs=await count_own_needs(session, turn.resident_id),
    )
    turn.say("my_data_ask_person", offer("update_profile"), offer("talk_to_human"))
