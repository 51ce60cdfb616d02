"""Swaps that were answered or withdrawn are forgotten after half a year; the shifts say who has them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import count_changed
from community.roster.models import ShiftSwap, SwapState

KEPT_FOR = timedelta(days=183)


async def forget_old_swaps(session: AsyncSession, at: datetime) -> int:
    """Delete swaps that were asked for half a year before `at` and are not open; gives how many."""
    old = delete(ShiftSwap).where(ShiftSwap.created_at < at - KEPT_FOR, ShiftSwap.state != SwapState.OPEN)
    return count_changed(await session.execute(old))
