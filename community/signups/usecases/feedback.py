"""How a shift was, from somebody who was there: one to five, and a word on it for who runs the activity."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import Refused, WrongState
from community.signups.models import SignUpState
from community.signups.usecases.steps import Held, hold_own
from linli.text import check_text

LONGEST_REMARK = 500


async def rate_shift(session: AsyncSession, resident_id: UUID, sign_up_id: UUID, score: int) -> Held:
    """Keep the score; a later one counts. Raises NotFound, Refused("score_1_to_5"), WrongState before it is over."""
    held = await _hold_done(session, resident_id, sign_up_id)
    if not 1 <= score <= 5:
        raise Refused("score_1_to_5")
    held.sign_up.score = score
    return held


async def remark_on_shift(session: AsyncSession, resident_id: UUID, sign_up_id: UUID, words: str) -> Held:
    """Keep the words, at most 500 characters; later ones take their place. Raises as `rate_shift`, and TextRefused."""
    held = await _hold_done(session, resident_id, sign_up_id)
    held.sign_up.remark = check_text(words, LONGEST_REMARK)
    return held


async def _hold_done(session: AsyncSession, resident_id: UUID, sign_up_id: UUID) -> Held:
    held = await hold_own(session, resident_id, sign_up_id)
    if held.sign_up.state is not SignUpState.COMPLETED:
        raise WrongState("sign_up_over", state=held.sign_up.state.value)
    return held
