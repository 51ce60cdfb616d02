"""Call-backs that are late: somebody else who is there, and the leader hears of it once."""

from __future__ import annotations

from datetime import datetime

from community.callbacks.usecases import find_due_call_backs, take_due_call_back
from scheduler.one_by_one import take_one_by_one
from scheduler.tools import Tools

MOST = 500


async def call_backs(tools: Tools, at: datetime) -> int:
    """Take at most 500 call-backs of which something is due; gives how many."""
    find, take = find_due_call_backs, take_due_call_back
    return await take_one_by_one(tools, at, find, take, most=MOST, broke="call_back_broke")
