"""Reading notices: the newest ones of the community, one bubble each."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.choosing import ask_community
from bot.actions.turn import Turn
from community.clock import now
from community.notices.models import Notice
from community.notices.queries import find_valid_notices
from community.places.models import Community
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
        tell_notice(turn, notice, profile.community)
    if not notices:
        turn.say("notices_none", community=profile.community.name)


def tell_notice(turn: Turn, notice: Notice, community: Community) -> None:
    """One notice in one bubble, with the community and the day it comes from."""
    turn.say(
        "notice",
        title={"zh": notice.title_zh, "en": notice.title_en or notice.title_zh},
        text={"zh": notice.text_zh, "en": notice.text_en or notice.text_zh},
        community=community.name,
        day=notice.valid_from.isoformat(),
    )
