"""What a sign-up tells of a person is forgotten ninety days after the shift; what they did stays, for their hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import count_changed
from community.signups.models import Companion, ShiftReminder, SignUp, SignUpHistory, SignUpState
from community.substitutes.models import Ask, Search
from community.swaps.models import Swap, SwapAsk

KEPT_FOR = timedelta(days=90)
NOT_THERE = (SignUpState.CANCELLED, SignUpState.DECLINED, SignUpState.NO_SHOW)


async def forget_old_sign_ups(session: AsyncSession, at: datetime) -> int:
    """Delete companions, remarks, reminders, swaps and asks of old shifts, and who was not there; gives how many."""
    old = select(SignUp.id).where(SignUp.ends_at < at - KEPT_FOR)
    not_there = old.where(SignUp.state.in_(NOT_THERE))
    searches = select(Search.id).where(Search.ended_at < at - KEPT_FOR)
    swaps = select(Swap.id).where(Swap.sign_up_id.in_(old))
    gone = (
        delete(SwapAsk).where(or_(SwapAsk.swap_id.in_(swaps), SwapAsk.sign_up_id.in_(not_there))),
        delete(Swap).where(Swap.id.in_(swaps)),
        update(SignUp).where(SignUp.id.in_(old), SignUp.remark.is_not(None)).values(remark=None),
        delete(Companion).where(Companion.sign_up_id.in_(old)),
        delete(ShiftReminder).where(ShiftReminder.sign_up_id.in_(old)),
        delete(SignUpHistory).where(SignUpHistory.sign_up_id.in_(not_there)),
        delete(SignUp).where(SignUp.id.in_(not_there)),
        delete(Ask).where(Ask.search_id.in_(searches)),
    )
    return sum([count_changed(await session.execute(each)) for each in gone])
