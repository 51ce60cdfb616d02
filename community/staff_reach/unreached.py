"""Whom no call of an alert came through to on any own account, for the banner and the need: somebody phones them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.alerts.models import AlertCall
from community.outbox.models import TO_STAFF, OutboxMessage, OutboxState
from community.parties.models import Staff
from community.staff_reach.models import StaffLink
from community.staff_reach.urgent import purpose_of_ringing

_STUCK = (OutboxState.FAILED, OutboxState.EXPIRED, OutboxState.WAITING)


async def find_unreached(session: AsyncSession, reader_id: UUID, alert_id: UUID) -> Sequence[str]:
    """The names of colleagues with own accounts to none of which a call of this alert came through or is on its way.

    The reader hears of it now.
    """
    wanted = (
        select(Staff.name)
        .where(Staff.id.in_(select(AlertCall.staff_id).where(AlertCall.alert_id == alert_id)))
        .where(Staff.id != reader_id)
        .where(_called(alert_id, stuck=True), ~_called(alert_id, stuck=False))
        .order_by(Staff.name)
    )
    return (await session.scalars(wanted)).all()


def _called(alert_id: UUID, *, stuck: bool) -> ColumnElement[bool]:
    """Whether a call to the colleague is stuck, or is not: it is sent, or on its way."""
    begins = TO_STAFF + cast(Staff.id, Text) + ":" + purpose_of_ringing(alert_id)
    is_stuck = OutboxMessage.state.in_(_STUCK)
    return exists().where(
        OutboxMessage.resident_id.in_(select(StaffLink.resident_id).where(StaffLink.staff_id == Staff.id)),
        OutboxMessage.purpose.startswith(begins),
        is_stuck if stuck else ~is_stuck,
    )
