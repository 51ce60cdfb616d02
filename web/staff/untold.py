"""What the page of a need says of somebody whom no channel reaches: who filed it, and what is to be told by phone."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from channels.render import render_if_possible
from community.needs.models import Need
from community.outbox.telling import find_untold
from community.parties.models import Staff
from community.residents.models import Language
from community.residents.queries import Profile
from web.staff.desk import Desk


async def find_telling(
    session: AsyncSession, desk: Desk, need: Need, profile: Profile, zone: str
) -> dict[str, Any]:
    """Words in the resident's language, as they are to be said; and the name of who filed the need."""
    spoken = (profile.resident.language or Language.ZH).value
    rows = await find_untold(session, desk.actor, need)
    filer = await session.get(Staff, need.filed_by) if need.filed_by else None
    words = [
        (row.id, render_if_possible(row.message, spoken, row.values, zone, row.created_at)) for row in rows
    ]
    return {"untold": [each for each in words if each[1]], "filed_by": filer.name if filer else ""}
