"""How somebody wants to be reached is forgotten when the need has been over for ninety days.

A wish to stay unnamed is kept as long as the need: without it staff would see the name.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import count_changed
from community.needs.models import PAST, Need
from community.wishes.models import ContactWay, ContactWish

KEPT_FOR = timedelta(days=90)


async def forget_old_wishes(session: AsyncSession, at: datetime) -> int:
    """Delete wishes of needs that were over ninety days before `at`; gives how many."""
    over = select(Need.id).where(Need.state.in_(PAST), Need.changed_at < at - KEPT_FOR)
    old = delete(ContactWish).where(ContactWish.need_id.in_(over), ContactWish.way != ContactWay.ANONYMOUS)
    return count_changed(await session.execute(old))
