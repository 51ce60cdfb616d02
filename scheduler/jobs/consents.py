"""Closes consents whose end has come, and questions that nobody answered; nobody could look any more anyway."""

from __future__ import annotations

from datetime import datetime

from community.consents.usecases import end_consent, find_ending
from scheduler.one_by_one import take_one_by_one
from scheduler.tools import Tools

MOST = 200


async def consents(tools: Tools, at: datetime) -> int:
    """End at most 200, each in a transaction of its own; gives how many."""
    return await take_one_by_one(tools, at, find_ending, end_consent, most=MOST, broke="consent_broke")
