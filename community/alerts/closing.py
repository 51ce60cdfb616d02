"""The end of an alert: somebody of the staff took the need, by whichever door. Called by what assigns a need."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from community.alerts.models import Alert
from community.clock import now

TAKEN, OVER = "taken", "over"


async def end_alert(
    session: AsyncSession, need_id: UUID, staff_id: UUID | None = None, why: str = TAKEN
) -> None:
    """End the open alert of a need, where there is one; the caller holds the need's lock."""
    await session.execute(
        update(Alert)
        .where(Alert.need_id == need_id, Alert.ended_at.is_(None))
        .values(ended_at=now(), ended_why=why, taken_by=staff_id, due_at=None, quiet_at=None)
    )
