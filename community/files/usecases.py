"""Files of residents and staff: remembering one that was stored, and who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import Actor, ResidentActor, StaffActor
from community.conversations.models import Handover
from community.conversations.rights import held_by, may_speak
from community.errors import NotFound
from community.files.models import File
from community.inbox.models import InboundMessage
from community.needs.models import EntryKind, Need, NeedEntry, NeedEntryFile, NeedFile, Visibility
from community.needs.rights import may_read
from community.needs.views import log_view
from community.notices.files import is_of_readable_notice


async def add_file(
    session: AsyncSession,
    owner_id: UUID,
    file_id: UUID,
    *,
    media_type: str,
    size: int,
    width: int,
    height: int,
) -> File:
    """Remember a photo that lies under the data folder; `size` in bytes, `width` and `height` in pixels."""
    file = File(id=file_id, owner_id=owner_id, media_type=media_type, size=size, width=width, height=height)
    session.add(file)
    await session.flush()
    return file


async def add_staff_file(
    session: AsyncSession,
    actor: StaffActor,
    file_id: UUID,
    *,
    media_type: str,
    size: int,
    width: int | None,
    height: int | None,
    name: str | None,
) -> File:
    """Remember a photo (with its size in pixels) or a document (with its name) of a colleague until it is attached."""
    file = File(
        id=file_id,
        staff_id=actor.staff_id,
        media_type=media_type,
        name=name,
        size=size,
        width=width,
        height=height,
    )
    session.add(file)
    await session.flush()
    return file


async def get_file(session: AsyncSession, actor: Actor, file_id: UUID) -> File:
    """The file, for its owner, for whom staff sent it to, for staff who may read what it belongs to; else NotFound."""
    file = await session.get(File, file_id)
    if file is None or not await _may_see(session, actor, file):
        raise NotFound
    return file


async def find_own_files(session: AsyncSession, owner_id: UUID, file_ids: Sequence[UUID]) -> list[UUID]:
    """Those of the ids that are files of this resident, in the order given."""
    found = set(
        (await session.scalars(select(File.id).where(File.id.in_(file_ids), File.owner_id == owner_id))).all()
    )
    return [file_id for file_id in file_ids if file_id in found]


async def _may_see(session: AsyncSession, actor: Actor, file: File) -> bool:
    if isinstance(actor, ResidentActor):
        return file.owner_id == actor.resident_id or await _was_sent_to(session, actor, file)
    if not isinstance(actor, StaffActor):
        return False
    if await is_of_readable_notice(session, actor, file.id):
        return True
    own = select(NeedFile.need_id).where(NeedFile.file_id == file.id)
    entries = select(NeedEntry.need_id).join(NeedEntryFile, NeedEntryFile.entry_id == NeedEntry.id)
    entries = entries.where(NeedEntryFile.file_id == file.id)
    talks = select(Handover.need_id).where(*_sent_in_talk(file), Handover.need_id.is_not(None))
    needs = select(Need).where(or_(Need.id.in_(own), Need.id.in_(entries), Need.id.in_(talks)))
    found = (await session.scalars(needs)).all()
    for need in found:
        if await may_read(session, actor, need):
            if need.visibility is Visibility.CONFIDENTIAL:
                await log_view(session, actor, need.id, "photo", allowed=True)
            return True
    if any(need.visibility is Visibility.CONFIDENTIAL for need in found):
        return False
    return await _is_in_conversation(session, actor, file)


async def _was_sent_to(session: AsyncSession, actor: ResidentActor, file: File) -> bool:
    """Whether staff put it to an answer about a need of this resident; what is at a note stays among staff."""
    answered = exists().where(
        NeedEntryFile.file_id == file.id,
        NeedEntryFile.entry_id == NeedEntry.id,
        NeedEntry.kind == EntryKind.ANSWER,
        NeedEntry.need_id == Need.id,
        Need.resident_id == actor.resident_id,
    )
    return bool(await session.scalar(select(answered)))


async def _is_in_conversation(session: AsyncSession, actor: StaffActor, file: File) -> bool:
    """Whether the owner sent it after asking the actor's party for a person, and that is not over."""
    if not may_speak(actor):
        return False
    open_wish = exists().where(
        *_sent_in_talk(file), Handover.party_id == actor.party_id, Handover.ended_at.is_(None), held_by(actor)
    )
    return bool(await session.scalar(select(open_wish)))


def _sent_in_talk(file: File) -> list[ColumnElement[bool]]:
    """A message with the file came while its owner talked with staff, or waited for somebody."""
    return [
        Handover.resident_id == file.owner_id,
        InboundMessage.resident_id == file.owner_id,
        InboundMessage.received_at >= Handover.created_at,
        or_(Handover.ended_at.is_(None), InboundMessage.received_at <= Handover.ended_at),
        InboundMessage.files.contains([str(file.id)]),
    ]
