"""Reading notices: the newest ones of the community, one bubble each."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.choosing import ask_community
from bot.actions.turn import Turn
from community.clock import now
from community.notices.queries import find_valid_notices
from community.residents.queries import get_profile

MOST = 3


async def tell_notices(turn: Turn, session: AsyncSession) -> None:
    """Say the newest valid notices, or that there are none."""
    profile = await get_profile(session, turn.resident_id)
    if profile.community is None:
        await ask_community(turn, session, "notices_community_unknown")
        return
    notices = await find_valid_notices(session, profile.community.id, now(), MOST)
    for notice in notices:
        turn.say(
            "notice",
            title={"zh": notice.title_zh, "en": notice.title_en or notice.title_zh},
            text={"zh": notice.text_zh, "en": notice.text_en or notice.text_zh},
            community=profile.community.name,
            day=notice.valid_from.isoformat(),
        )
    if not notices:
        turn.say("notices_none", community=profile.community.name)
