"""Reading consents: a resident's own with their parties, and those of a need for the social worker who handles it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.consents.models import Consent, ConsentField, ConsentState
from community.consents.rights import holds
from community.errors import NotFound
from community.files.models import File
from community.needs.models import Need, NeedFile
from community.outbox.queries import find_told_last
from community.parties.models import Party
from community.residents.models import Resident

MOST = 50


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
    told = await find_told_last(session, resident_id, message_id)
    _, _, consent_id = (told or "").partition(":consent:")
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


async def find_empty_fields(session: AsyncSession, need: Need) -> frozenset[ConsentField]:
    """What nothing is known of yet, so that nobody is asked for a yes to nothing."""
    resident = await session.get_one(Resident, need.resident_id)
    photos = select(File.id).join(NeedFile, NeedFile.file_id == File.id)
    photos = photos.where(NeedFile.need_id == need.id, File.owner_id == need.resident_id).limit(1)
    known = {
        ConsentField.NAME: resident.name,
        ConsentField.PHONE: need.contact_phones or resident.phone,
        ConsentField.PLACE: need.place_id or resident.home_id,
        ConsentField.PHOTOS: await session.scalar(photos),
    }
    return frozenset(field for field, value in known.items() if not value)
