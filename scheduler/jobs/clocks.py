"""Remind of clocks of needs that run out, need by need: the person, the leader, the street, then it is late."""

from __future__ import annotations

from datetime import datetime

from community.clocks.reminding import find_due_needs, take_due_need
from scheduler.one_by_one import take_one_by_one
from scheduler.tools import Tools

MOST = 10_000


async def clocks(tools: Tools, at: datetime) -> int:
    """Send what is due at `at` for at most 10,000 needs; gives how many reminders."""
    return await take_one_by_one(tools, at, find_due_needs, take_due_need, most=MOST, broke="clock_broke")
