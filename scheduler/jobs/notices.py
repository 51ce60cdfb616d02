"""Notices go out: what is due begins, audiences are expanded set by set, digests, reminders, and what became of all."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from community.notices.sending.digests import send_digests
from community.notices.sending.expanding import expand_notice, find_expanding
from community.notices.sending.following import find_followed, follow_notice
from community.notices.sending.night import keep_until_morning
from community.notices.sending.reminding import expand_reminder, find_reminding
from community.notices.sending.starting import find_due_notices, start_sending
from community.notices.sending.withdrawing import find_withdrawn, withdraw_notice
from scheduler.one_by_one import Find, Take, take_one_by_one
from scheduler.tools import Tools

MOST = 100
PATIENCE = 5.0
LOOKING = 0.5
"""So many seconds a step goes on with sets before the next one has its turn; the rest comes with the next tick."""


async def notices(tools: Tools, at: datetime) -> int:
    """Do what is due at `at`; how many notices and people that were.

    What was cancelled comes first, all of it, so that it stops before more is delivered. Urgent notices get their sets
    before the others.
    """
    done = await _until_done(tools, at, find_withdrawn, withdraw_notice, "withdrawing_broke")
    done += await take_one_by_one(tools, at, find_due_notices, start_sending, most=MOST, broke="notice_broke")
    done += await _until_done(tools, at, find_expanding, expand_notice, "expanding_broke")
    done += await _until_done(tools, at, find_reminding, expand_reminder, "reminder_broke")
    done += await _again(tools, at, send_digests)
    done += await _again(tools, at, keep_until_morning)
    await _until_done(tools, at, find_followed, follow_notice, "following_broke", LOOKING)
    return done


async def _until_done(
    tools: Tools, at: datetime, find: Find, take: Take, broke: str, patience: float = PATIENCE
) -> int:
    """A set of each in turn, until there are none or the time is over."""
    total, end = 0, time.monotonic() + patience
    while taken := await take_one_by_one(tools, at, find, take, most=MOST, broke=broke):
        total += taken
        if time.monotonic() > end:
            break
    return total


async def _again(tools: Tools, at: datetime, act: Callable[[AsyncSession, datetime], Awaitable[int]]) -> int:
    """In transactions of their own, until nothing is left to be done or the time is over."""
    total, end = 0, time.monotonic() + PATIENCE
    while time.monotonic() < end:
        async with tools.sessions.begin() as session:
            done = await act(session, at)
        total += done
        if not done:
            break
    return total
