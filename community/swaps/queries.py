"""Reading swaps: what somebody is asked, and what they have asked, with both shifts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.activities.models import Activity, Shift
from community.signups.models import SignUp
from community.swaps.models import Swap, SwapAsk, SwapState

_Given, _GivenActivity = aliased(Shift), aliased(Activity)


@dataclass(frozen=True, slots=True)
class SwapLine:
    """A swap that is asked for: the shift that is offered, and the one that is wished for it."""

    swap: Swap
    given: Shift
    given_activity: Activity
    wanted: Shift
    wanted_activity: Activity


async def find_asked(session: AsyncSession, resident_id: UUID, at: datetime) -> Sequence[SwapLine]:
    """What the resident is asked and has not answered; theirs is the shift that is wished for."""
    wanted = _lines(Swap.until > at).join(SwapAsk, SwapAsk.swap_id == Swap.id)
    wanted = wanted.where(SwapAsk.resident_id == resident_id, SwapAsk.said.is_(None))
    return [SwapLine(*row) for row in await session.execute(wanted.order_by(Swap.until))]


async def find_own_asked(session: AsyncSession, resident_id: UUID) -> dict[UUID, SwapLine]:
    """What the resident has asked and nobody has agreed to yet, by their sign-up."""
    rows = await session.execute(_lines(Swap.resident_id == resident_id))
    return {row[0].sign_up_id: SwapLine(*row) for row in rows}


def _lines(*conditions: ColumnElement[bool]) -> Select[Swap, Shift, Activity, Shift, Activity]:
    return (
        select(Swap, _Given, _GivenActivity, Shift, Activity)
        .join(SignUp, SignUp.id == Swap.sign_up_id)
        .join(_Given, _Given.id == SignUp.shift_id)
        .join(_GivenActivity, _GivenActivity.id == _Given.activity_id)
        .join(Shift, Shift.id == Swap.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(Swap.state == SwapState.ASKED, *conditions)
    )
