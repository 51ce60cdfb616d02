"""Say that the worker is alive; /readyz turns red when it has not for a minute."""

from __future__ import annotations

from datetime import datetime

from community.heartbeats.usecases import beat
from scheduler.tools import Tools

WORKER = "worker"


async def heartbeat(tools: Tools, at: datetime) -> int:
    """Write the sign of life at `at`."""
    async with tools.sessions.begin() as session:
        await beat(session, WORKER, at)
    return 1
