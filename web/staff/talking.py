"""What the page of a need says of the conversation with its resident: who speaks, and until when Linli is silent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from community.conversations.talking import find_any_talk, find_silence_end, see_conversation
from community.needs.models import Need
from community.outbox.usecases import find_address
from community.parties.models import Staff
from web.staff.desk import Desk


async def find_talking(session: AsyncSession, desk: Desk, need: Need) -> dict[str, Any]:
    """The open conversation, whether it is the actor's own, whether one could be begun. To look at it is to see it."""
    found = await find_any_talk(session, desk.actor, need)
    talk = found if found is not None and found.need_id == need.id else None
    values: dict[str, Any] = {"talk": talk, "talks": False, "talker": "", "silent_until": None}
    values["elsewhere"] = found if talk is None else None
    values["reachable"] = await find_address(session, need.resident_id) is not None
    if talk is None or talk.taken_at is None:
        return values
    speaker = await session.get(Staff, talk.staff_id)
    quiet = timedelta(hours=desk.parts.settings.person_quiet_hours)
    if desk.is_seen:
        await see_conversation(session, desk.actor, talk)
    return values | {
        "talks": talk.staff_id == desk.actor.staff_id,
        "talker": speaker.name if speaker else "",
        "silent_until": await find_silence_end(session, talk, quiet),
    }
