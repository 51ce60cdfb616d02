"""Staff wait for the person's answer about a need: words that tell nothing else are that answer, without a tap."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.own_needs import facts, find_open_needs
from bot.actions.turn import Turn
from community.needs.usecases.residents import add_to_need


async def answered_staff(turn: Turn, session: AsyncSession) -> bool:
    """Add the words to the one need for which staff wait; False where there is none, several, or another matter."""
    if not (turn.text and turn.staff_wait):
        return False
    waiting = [line for line in await find_open_needs(turn, session) if line.need.waiting_since is not None]
    if len(waiting) != 1 or _is_another_matter(turn, waiting[0].need.kind):
        return False
    line = waiting[0]
    need = await add_to_need(
        session, turn.resident_id, line.need.id, turn.text, file_ids=turn.files, message_id=turn.message_id
    )
    turn.end()
    turn.say("need_added", **facts(need), party=line.party.name if line.party else None)
    return True


def _is_another_matter(turn: Turn, kind: str) -> bool:
    """Whether the words surely tell of a need of another kind."""
    return turn.intent == "report_need" and turn.need.sure and turn.need.kind not in (kind, "other")
