"""What a party sees of a confidential need: the fields that the resident consented to, and nothing else of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from community.actors import StaffActor
from community.clock import now
from community.consents.models import Consent, ConsentField
from community.consents.rights import is_shown_to
from community.errors import NotFound
from community.files.attaching import Attachment, attachment_of
from community.files.models import File
from community.needs.board import coarse
from community.needs.kinds import kind_of
from community.needs.models import Need, NeedFile, NeedHistory
from community.needs.views import log_view
from community.parties.models import Party, Staff
from community.parts.models import NeedPart
from community.places.models import Place
from community.residents.models import Resident

MOST = 60


@dataclass(frozen=True, slots=True)
class Shared:
    """One shared part. What was not consented to is empty here; the need itself is not in it."""

    consent_id: UUID
    part: NeedPart
    lead: Mapping[str, str]
    worker: str
    until: datetime
    kind: Mapping[str, str] | None = None
    place: Mapping[str, str] | None = None
    name: str = ""
    phones: tuple[str, ...] = ()
    words: str = ""
    sentence: str = ""
    photos: tuple[Attachment, ...] = ()


async def find_shared(session: AsyncSession, actor: StaffActor) -> Sequence[tuple[Consent, NeedPart, Party]]:
    """What is shared with the actor's party now, for a list: what is asked, by whom and until when."""
    lead = aliased(Party)
    wanted = (
        select(Consent, NeedPart, lead)
        .join(Need, Need.id == Consent.need_id)
        .join(NeedPart, NeedPart.id == Consent.part_id)
        .join(lead, lead.id == Need.lead_party_id)
        .where(is_shown_to(actor, now()))
        .order_by(NeedPart.state, NeedPart.asked_at)
        .limit(MOST)
    )
    return [(consent, part, party) for consent, part, party in await session.execute(wanted)]


async def get_shared(session: AsyncSession, actor: StaffActor, consent_id: UUID) -> Shared:
    """One of them with its fields. Looking writes a line in the log of views. Raises NotFound, also once it ended."""
    row = await _find_row(session, actor, consent_id)
    await log_view(session, actor, row[1].id, "shared", allowed=True)
    return await _show(session, row)


async def get_shared_photo(session: AsyncSession, actor: StaffActor, consent_id: UUID, file_id: UUID) -> File:
    """A photo that was consented to; it was there when the question was asked. Raises NotFound."""
    consent, need, *_ = await _find_row(session, actor, consent_id)
    file = next((file for file in await _find_photos(session, consent) if file.id == file_id), None)
    if file is None:
        raise NotFound
    await log_view(session, actor, need.id, "photo", allowed=True)
    return file


_Row = Row[Consent, Need, NeedPart, Party, Staff]


async def _find_row(session: AsyncSession, actor: StaffActor, consent_id: UUID) -> _Row:
    lead = aliased(Party)
    wanted: Select[Consent, Need, NeedPart, Party, Staff] = (
        select(Consent, Need, NeedPart, lead, Staff)
        .join(Need, Need.id == Consent.need_id)
        .join(NeedPart, NeedPart.id == Consent.part_id)
        .join(lead, lead.id == Need.lead_party_id)
        .join(Staff, Staff.id == Consent.asked_by)
        .where(Consent.id == consent_id, is_shown_to(actor, now()))
    )
    row = (await session.execute(wanted)).first()
    if row is None:
        raise NotFound
    return row


async def _show(session: AsyncSession, row: _Row) -> Shared:
    consent, need, part, lead, worker = row
    told = frozenset(consent.fields)
    resident = await session.get_one(Resident, consent.resident_id)
    place_id = need.place_id or resident.home_id
    place = await session.get(Place, place_id) if place_id else None
    phones = (*need.contact_phones, resident.phone) if ConsentField.PHONE in told else ()
    return Shared(
        consent_id=consent.id,
        part=part,
        lead=lead.name,
        worker=worker.name,
        until=consent.until,
        kind=await _kind_when_asked(session, need, consent) if ConsentField.KIND in told else None,
        place=await coarse(session, place) if ConsentField.PLACE in told else None,
        name=(resident.name or "") if ConsentField.NAME in told else "",
        phones=tuple(dict.fromkeys(phone for phone in phones if phone)),
        words=need.words if ConsentField.WORDS in told else "",
        sentence=consent.sentence if ConsentField.SENTENCE in told else "",
        photos=tuple(attachment_of(file) for file in await _find_photos(session, consent)),
    )


async def _kind_when_asked(session: AsyncSession, need: Need, consent: Consent) -> Mapping[str, str]:
    """The kind that the person agreed to have told: if it is another one by now, nobody was asked about that."""
    changed = (
        select(NeedHistory)
        .where(
            NeedHistory.need_id == need.id,
            NeedHistory.event == "kind_changed",
            NeedHistory.at > consent.asked_at,
        )
        .order_by(NeedHistory.id)
        .limit(1)
    )
    line = await session.scalar(changed)
    if line is None or line.details is None:
        return kind_of(need.kind).name
    return cast("Mapping[str, str]", line.details["old"])


async def _find_photos(session: AsyncSession, consent: Consent) -> Sequence[File]:
    if ConsentField.PHOTOS not in consent.fields:
        return ()
    wanted = (
        select(File)
        .join(NeedFile, NeedFile.file_id == File.id)
        .where(NeedFile.need_id == consent.need_id, File.owner_id == consent.resident_id)
        .where(File.created_at <= consent.asked_at)
    )
    return (await session.scalars(wanted)).all()
