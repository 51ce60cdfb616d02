"""Remind of clocks of needs that run out, batch after batch: the person, the leader, the street, then it is late."""

from __future__ import annotations

from datetime import datetime

from community.clocks.reminding import take_due_clocks
from scheduler.tools import Tools

BATCH = 50
MOST_BATCHES = 200


async def clocks(tools: Tools, at: datetime) -> int:
    """Send what is due at `at`, at most for 10,000 clocks a run; gives how many reminders were sent."""
    total = 0
    for _ in range(MOST_BATCHES):
        async with tools.sessions.begin() as session:
            sent = await take_due_clocks(session, at, BATCH)
        total += sent
        if sent == 0:
            break
    return total
