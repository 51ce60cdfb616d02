"""Files of residents: remembering one that was stored, and who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import Actor, ResidentActor, StaffActor
from community.conversations.models import Handover
from community.conversations.rights import may_speak
from community.errors import NotFound
from community.files.models import File
from community.inbox.models import InboundMessage
from community.needs.models import Need, NeedFile
from community.needs.rights import may_read


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


async def get_file(session: AsyncSession, actor: Actor, file_id: UUID) -> File:
    """The file, for its owner and for staff who may read a need or conversation it belongs to; else NotFound."""
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
        return file.owner_id == actor.resident_id
    if not isinstance(actor, StaffActor):
        return False
    needs = select(Need).join(NeedFile, NeedFile.need_id == Need.id).where(NeedFile.file_id == file.id)
    for need in (await session.scalars(needs)).all():
        if await may_read(session, actor, need):
            return True
    return await _is_in_conversation(session, actor, file)


async def _is_in_conversation(session: AsyncSession, actor: StaffActor, file: File) -> bool:
    """Whether the owner sent it after asking the actor's party for a person, and that is not over."""
    if not may_speak(actor):
        return False
    open_wish = exists().where(
        Handover.resident_id == file.owner_id,
        Handover.party_id == actor.party_id,
        Handover.ended_at.is_(None),
        InboundMessage.resident_id == file.owner_id,
        InboundMessage.received_at >= Handover.created_at,
        InboundMessage.files.contains([str(file.id)]),
    )
    return bool(await session.scalar(select(open_wish)))
