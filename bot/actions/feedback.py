"""How a shift was, one to five, by button or in words. Next: remarking.py asks for a word on it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.rating_words import read_score
from bot.actions.turn import ACTIVITY_FORM, Turn
from community.signups.usecases.feedback import rate_shift

REMARK = "remark"
_THANKS = "thanks"


async def take_score(turn: Turn, session: AsyncSession, sign_up_id: UUID, score: int) -> None:
    """Keep the score, and go over to the question for words."""
    await rate_shift(session, turn.resident_id, sign_up_id, score)
    turn.switch_to(ACTIVITY_FORM)
    turn.keep(errand={"wish": REMARK, "signup": str(sign_up_id), "score": score})


async def rated_in_words(turn: Turn, session: AsyncSession, told: str | None) -> bool:
    """Whether the words are a score for the shift that Linli has just thanked for: "5分", "很好"."""
    parts = (told or "").split(":")
    score = read_score(turn.text) if turn.text else None
    if score is None or parts[0] != "sign_up" or parts[-1] != _THANKS:
        return False
    await take_score(turn, session, UUID(parts[1]), score)
    return True
