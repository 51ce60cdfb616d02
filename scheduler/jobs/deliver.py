"""Deliver what is due in the outbox, channel by channel; before that, take back what was left in the middle.

A run ends when every channel that it took up has nothing more to do. A channel that is slow keeps its run busy, and the
next runs go on with the others.
"""

from __future__ import annotations

from datetime import datetime

from scheduler.tools import Tools


async def deliver(tools: Tools, at: datetime) -> int:
    """Deliver everything due at `at`, at most 10,000 rows a channel; gives how many rows were tried."""
    await tools.delivery.tidy(at)
    return await tools.delivery.deliver_all(at)
