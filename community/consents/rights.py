"""When a party may look: a consent that was given, whose end has not come, of a need that is not over. Else never."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.clock import now
from community.consents.models import Consent, ConsentState
from community.needs.models import PAST, Need
from community.parties.models import Role

UNDER_CONSENT = frozenset({Role.COMMITTEE, Role.PARTNER, Role.SOCIAL_WORKER})


def holds(at: datetime) -> ColumnElement[bool]:
    """Whether a consent holds at this moment, as a condition; the need has to be joined."""
    return and_(Consent.state == ConsentState.GIVEN, Consent.until > at, Need.state.not_in(PAST))


def is_shown_to(actor: StaffActor, at: datetime) -> ColumnElement[bool]:
    """The consents under which the actor may look; none for admins and the street office."""
    if actor.role not in UNDER_CONSENT:
        return false()
    own = (Consent.party_id == actor.party_id, Consent.community_id == actor.community_id)
    return and_(holds(at), *own)


async def is_part_shared(session: AsyncSession, part_id: UUID) -> bool:
    """Whether a part of a confidential need may be handled: its consent holds now."""
    wanted = exists().where(Consent.part_id == part_id, Consent.need_id == Need.id, holds(now()))
    return bool(await session.scalar(select(wanted)))


def shared_parts(actor: StaffActor, at: datetime) -> Select[UUID | None]:
    """The ids of the parts that the actor's party handles under a consent."""
    return select(Consent.part_id).join(Need, Need.id == Consent.need_id).where(is_shown_to(actor, at))
