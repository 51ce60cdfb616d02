"""The end of an alert: somebody of the staff took the need, by whichever door. Called by what assigns a need."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from community.alerts.models import Alert, AlertCall
from community.clock import now
from community.needs.models import Need
from community.parties.models import Staff
from community.staff_reach.urgent import stop_ringing

TAKEN, OVER = "taken", "over"


async def end_alert(
    session: AsyncSession, need_id: UUID, staff_id: UUID | None = None, why: str = TAKEN
) -> None:
    """End the open alert of a need, where there is one; the caller holds the need's lock. Who was called hears it."""
    alert_id = await session.scalar(
        update(Alert)
        .where(Alert.need_id == need_id, Alert.ended_at.is_(None))
        .values(ended_at=now(), ended_why=why, taken_by=staff_id, due_at=None, quiet_at=None)
        .returning(Alert.id)
    )
    if alert_id is None:
        return
    called = select(AlertCall.staff_id).where(AlertCall.alert_id == alert_id, AlertCall.staff_id.is_not(None))
    staff_ids = [each for each in await session.scalars(called.distinct()) if each is not None]
    taker = await session.get(Staff, staff_id) if staff_id else None
    need = await session.get_one(Need, need_id)
    await stop_ringing(session, need, alert_id, staff_ids, now(), taker=taker)
