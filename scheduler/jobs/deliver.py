"""Deliver what is due in the outbox, batch after batch; before that, take back what was left in the middle."""

from __future__ import annotations

from datetime import datetime

from scheduler.tools import Tools

BATCH = 200
MOST_BATCHES = 50


async def deliver(tools: Tools, at: datetime) -> int:
    """Deliver everything due at `at`, at most 10,000 rows a run; gives how many rows were tried."""
    await tools.delivery.tidy(at)
    total = 0
    for _ in range(MOST_BATCHES):
        tried = await tools.delivery.deliver_due(at, BATCH)
        total += tried
        if tried < BATCH:
            break
    return total
