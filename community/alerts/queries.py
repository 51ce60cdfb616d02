"""Reading alerts for the console: what rings for a person. Nothing of a case's words travels with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.alerts.models import Alert, AlertCall
from community.alerts.rights import rings_for
from community.needs.models import Need
from community.needs.rights import may_take
from community.parties.models import Party
from community.staff_reach.unreached import find_unreached


@dataclass(frozen=True, slots=True)
class Ringing:
    """An alert that calls this person: the case's code, since when, which party; whether this person may take it.

    `call_id` is the newest call: a new one rings anew. `unreached` are colleagues whom no call came through to.
    """

    id: UUID
    need_id: UUID
    code: str
    since: datetime
    party: Party
    call_id: int
    takeable: bool
    unreached: Sequence[str]


async def find_ringing(session: AsyncSession, actor: StaffActor) -> Sequence[Ringing]:
    """The open alerts that have called the actor, the longest waiting first."""
    newest = (
        select(func.max(AlertCall.id))
        .where(AlertCall.alert_id == Alert.id, AlertCall.staff_id == actor.staff_id)
        .scalar_subquery()
    )
    wanted = (
        select(Alert, Need, Party, newest)
        .join(Need, Need.id == Alert.need_id)
        .join(Party, Party.id == Alert.party_id)
        .where(Alert.ended_at.is_(None), rings_for(actor))
        .order_by(Alert.raised_at)
    )
    return [
        Ringing(
            alert.id,
            need.id,
            need.code,
            alert.raised_at,
            party,
            call_id,
            may_take(actor, need),
            await find_unreached(session, actor.staff_id, alert.id),
        )
        for alert, need, party, call_id in (await session.execute(wanted)).all()
    ]


async def find_alert_of(session: AsyncSession, need_id: UUID) -> Alert | None:
    """The open alert of a need that the caller has found to be known to the reader."""
    found: Alert | None = await session.scalar(
        select(Alert).where(Alert.need_id == need_id, Alert.ended_at.is_(None))
    )
    return found
