"""Reading consents: a resident's own with their parties, and those of a need for the social worker who handles it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.consents.models import Consent, ConsentState
from community.consents.rights import holds
from community.errors import NotFound
from community.inbox.models import InboundMessage
from community.needs.models import Need
from community.outbox.models import OutboxMessage, OutboxState
from community.parties.models import Party

MOST = 50
_MAY_BE_SEEN = (OutboxState.SENT, OutboxState.SENDING)


async def get_own_consent(session: AsyncSession, resident_id: UUID, consent_id: UUID) -> Consent:
    """The resident's own; NotFound also where it is somebody else's."""
    consent = await session.get(Consent, consent_id)
    if consent is None or consent.resident_id != resident_id:
        raise NotFound
    return consent


async def find_given(session: AsyncSession, resident_id: UUID) -> Sequence[tuple[Consent, Party]]:
    """The consents of a resident that hold now, the newest first."""
    wanted = (
        select(Consent, Party)
        .join(Party, Party.id == Consent.party_id)
        .join(Need, Need.id == Consent.need_id)
        .where(Consent.resident_id == resident_id, holds(now()))
        .order_by(Consent.answered_at.desc())
    )
    return [(consent, party) for consent, party in await session.execute(wanted)]


async def find_open_question(session: AsyncSession, resident_id: UUID, message_id: int) -> Consent | None:
    """The question that was the last thing told to the resident before this message; None for anything else.

    Only what has reached the person counts: a question that waits, failed or was held has not been read.
    """
    told_at = func.coalesce(OutboxMessage.sent_at, OutboxMessage.created_at)
    newest = (
        select(OutboxMessage.purpose, OutboxMessage.state)
        .where(OutboxMessage.resident_id == resident_id, OutboxMessage.state.in_(_MAY_BE_SEEN))
        .where(told_at <= _received_at(message_id))
        .order_by(told_at.desc(), OutboxMessage.seq.desc())
        .limit(1)
    )
    row = (await session.execute(newest)).first()
    if row is None or row.state is not OutboxState.SENT:
        return None
    _, _, consent_id = row.purpose.rpartition(":consent:")
    consent = await session.get(Consent, UUID(consent_id)) if consent_id else None
    asked = consent is not None and consent.state is ConsentState.ASKED and consent.until > now()
    return consent if asked else None


async def find_own(session: AsyncSession, resident_id: UUID) -> Sequence[tuple[Consent, Party]]:
    """All consents and questions of a resident, what is open first, then the newest."""
    wanted = (
        select(Consent, Party)
        .join(Party, Party.id == Consent.party_id)
        .where(Consent.resident_id == resident_id)
        .order_by(Consent.ended_at.desc().nulls_first(), Consent.asked_at.desc())
        .limit(MOST)
    )
    return [(consent, party) for consent, party in await session.execute(wanted)]


async def find_of_need(session: AsyncSession, need_id: UUID) -> Sequence[tuple[Consent, Party]]:
    """Those of a need that the caller may read, the newest first."""
    wanted = (
        select(Consent, Party)
        .join(Party, Party.id == Consent.party_id)
        .where(Consent.need_id == need_id)
        .order_by(Consent.asked_at.desc())
        .limit(MOST)
    )
    return [(consent, party) for consent, party in await session.execute(wanted)]


def _received_at(message_id: int) -> ScalarSelect[datetime]:
    return select(InboundMessage.received_at).where(InboundMessage.id == message_id).scalar_subquery()
