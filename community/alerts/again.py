"""A crisis that goes to another party, or opens again, rings again: nobody of those who have it now was called.

Called where a need is passed on or reopened; the worker's job `alerts` calls within seconds, as for every alert.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.alerts.models import Alert
from community.needs.models import Need, Urgency


async def ring_again(session: AsyncSession, need: Need, at: datetime) -> None:
    """Whom the roster of the party names that leads now is called, until somebody takes it; for what is no crisis
    nothing happens. The caller holds the need's lock.
    """
    if need.urgency is not Urgency.CRISIS or need.lead_party_id is None:
        return
    wanted = select(Alert).where(Alert.need_id == need.id).order_by(Alert.raised_at.desc()).limit(1)
    last = await session.scalar(wanted.with_for_update())
    if last is None:
        return
    if last.ended_at is None:
        last.due_at = at
        return
    again = Alert(
        need_id=need.id,
        community_id=need.community_id,
        party_id=need.lead_party_id,
        danger=last.danger,
        raised_by=last.raised_by,
        raised_at=at,
        due_at=at,
        round=1,
        asked_again=0,
    )
    session.add(again)
    await session.flush()
