"""Give back to the bot the conversations that staff took and forgot; forget pages that ended without a word."""

from __future__ import annotations

from datetime import datetime

from community.conversations.usecases import end_quiet_conversations
from community.presence.usecases import forget_lookers
from scheduler.tools import Tools


async def conversations(tools: Tools, at: datetime) -> int:
    """End what nobody of the staff wrote in for as long as the settings say before `at`; gives how many."""
    async with tools.sessions.begin() as session:
        await forget_lookers(session, at)
        return await end_quiet_conversations(session, at, tools.person_quiet)
