"""Whom no call of an alert came through to on any own account, for the banner and the need: somebody phones them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Text, cast, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.alerts.models import Alert, AlertCall
from community.needs.models import Need
from community.outbox.models import TO_STAFF, OutboxMessage, OutboxState
from community.parties.models import Staff
from community.staff_reach.models import StaffLink
from community.staff_reach.queries import is_resident
from community.staff_reach.urgent import purpose_of_ringing

_UNDER_WAY = (OutboxState.PENDING, OutboxState.SENDING, OutboxState.SENT)


async def find_unreached(session: AsyncSession, reader_id: UUID, alert_id: UUID) -> Sequence[str]:
    """The names of called colleagues with own accounts at none of which a call has arrived or is on its way.

    Whoever has blocked Linli on all of them is among these. The reader hears of it now.
    """
    wanted = (
        select(Staff.name)
        .where(Staff.id.in_(select(AlertCall.staff_id).where(AlertCall.alert_id == alert_id)))
        .where(Staff.id != reader_id, ~is_resident(Staff.id, _resident_of(alert_id)))
        .where(exists().where(StaffLink.staff_id == Staff.id), ~_is_reached(alert_id))
        .order_by(Staff.name)
    )
    return (await session.scalars(wanted)).all()


def _resident_of(alert_id: UUID) -> ScalarSelect[UUID]:
    return (
        select(Need.resident_id)
        .join(Alert, Alert.need_id == Need.id)
        .where(Alert.id == alert_id)
        .scalar_subquery()
    )


def _is_reached(alert_id: UUID) -> ColumnElement[bool]:
    begins = TO_STAFF + cast(Staff.id, Text) + ":" + purpose_of_ringing(alert_id)
    return exists().where(
        OutboxMessage.resident_id.in_(select(StaffLink.resident_id).where(StaffLink.staff_id == Staff.id)),
        OutboxMessage.purpose.startswith(begins),
        OutboxMessage.state.in_(_UNDER_WAY),
    )
