"""The next step of every alert that is due: call the next on the roster, ask a silent person once more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from community.alerts.usecases import find_due_alerts, take_due_alert
from scheduler.tools import Tools

log = structlog.get_logger()
MOST = 500


async def alerts(tools: Tools, at: datetime) -> int:
    """Take at most 500 due alerts one step on, each in a transaction of its own; gives how many."""
    async with tools.sessions() as session:
        due = await find_due_alerts(session, at, MOST)
    return sum([await _take(tools, at, alert_id) for alert_id in due])


async def _take(tools: Tools, at: datetime, alert_id: UUID) -> bool:
    """One alert; one that cannot be taken on stays due, is logged, and stops none of the others."""
    try:
        async with tools.sessions.begin() as session:
            return await take_due_alert(session, at, alert_id)
    except (OperationalError, InterfaceError, PoolTimeoutError, OSError):  # the database is away
        raise
    except Exception:
        log.exception("alert_broke", alert=str(alert_id))
        return False
