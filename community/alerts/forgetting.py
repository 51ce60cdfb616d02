"""Alerts and whom they called are forgotten a year after they ended; the history of the need still tells of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.alerts.models import Alert, AlertCall
from community.base import count_changed

KEPT_FOR = timedelta(days=366)


async def forget_old_alerts(session: AsyncSession, at: datetime) -> int:
    """Delete alerts that ended more than a year before `at`, with their calls; gives how many rows."""
    old = select(Alert.id).where(Alert.ended_at < at - KEPT_FOR)
    calls = await session.execute(delete(AlertCall).where(AlertCall.alert_id.in_(old)))
    alerts = await session.execute(delete(Alert).where(Alert.ended_at < at - KEPT_FOR))
    return count_changed(calls) + count_changed(alerts)
