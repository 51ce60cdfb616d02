"""The next step of every alert that is due: call the next on the roster, ask a silent person once more."""

from __future__ import annotations

from datetime import datetime

from community.alerts.usecases import find_due_alerts, take_due_alert
from scheduler.one_by_one import take_one_by_one
from scheduler.tools import Tools

MOST = 500


async def alerts(tools: Tools, at: datetime) -> int:
    """Take at most 500 due alerts one step on; gives how many."""
    return await take_one_by_one(tools, at, find_due_alerts, take_due_alert, most=MOST, broke="alert_broke")
