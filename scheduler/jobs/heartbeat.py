"""Say that the worker is alive; /readyz turns red when it has not for a minute."""

from __future__ import annotations

from datetime import datetime

from community.heartbeats.usecases import beat
from community.keys.usecases import note_key
from linli.sealing import keyring
from scheduler.tools import Tools

WORKER = "worker"


async def heartbeat(tools: Tools, at: datetime) -> int:
    """Write the sign of life at `at`, and with which key this Linli seals."""
    async with tools.sessions.begin() as session:
        await beat(session, WORKER, at)
        await note_key(session, keyring())
    return 1
