"""Having read a notice, and which messages one wants: what is true about both today."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.buttons import menu, offer
from bot.actions.turn import Turn
from community.clock import now
from community.notices.queries import find_valid_notices
from community.residents.queries import get_profile


async def take_receipt(turn: Turn, session: AsyncSession) -> None:
    """A receipt is not kept yet; where no notice is out, "got it" is only an answer."""
    profile = await get_profile(session, turn.resident_id)
    is_any_out = profile.community and await find_valid_notices(session, profile.community.id, now(), 1)
    if is_any_out:
        turn.say("receipt_not_kept", offer("read_notices"))
    else:
        turn.say("what_else", *menu())


async def tell_subscription(turn: Turn, _: AsyncSession) -> None:
    """Linli writes only about a person's own matters, and to nobody at large; say so."""
    turn.say("subscription_own_only", offer("talk_to_human"))
