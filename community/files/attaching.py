"""Files that staff put to an answer, a note or a filing, and how a message to the resident names them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.errors import NotFound
from community.files.models import File
from community.needs.models import NeedEntry, NeedEntryFile

MOST_FILES = 5


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file as a page shows it: a picture, a video, or a document by its name."""

    id: UUID
    name: str
    is_photo: bool
    is_video: bool = False

    def as_value(self) -> dict[str, Any]:
        """As it travels in the values of a message."""
        return {"id": str(self.id), "name": self.name, "photo": self.is_photo}


async def attach_files(
    session: AsyncSession, actor: StaffActor, entry: NeedEntry, file_ids: Sequence[UUID]
) -> list[Attachment]:
    """Put files of the actor's own to an entry. Raises NotFound where one is not theirs."""
    files = await _get_files(session, actor, file_ids)
    session.add_all(NeedEntryFile(entry_id=entry.id, file_id=file.id) for file in files)
    await session.flush()
    return [attachment_of(file) for file in files]


async def hand_in_files(
    session: AsyncSession, actor: StaffActor, resident_id: UUID, file_ids: Sequence[UUID]
) -> None:
    """What somebody brought with a matter is theirs from now on; the actor only handed it in.

    Raises NotFound where one is not the actor's.
    """
    for file in await _get_files(session, actor, file_ids):
        file.owner_id = resident_id
    await session.flush()


async def find_attachments(session: AsyncSession, need_id: UUID) -> Mapping[int, Sequence[Attachment]]:
    """The files of every entry of a need that the caller has found to be readable, by the entry's id."""
    wanted = (
        select(NeedEntryFile.entry_id, File)
        .join(File, File.id == NeedEntryFile.file_id)
        .join(NeedEntry, NeedEntry.id == NeedEntryFile.entry_id)
        .where(NeedEntry.need_id == need_id)
        .order_by(File.created_at, File.id)
    )
    found: dict[int, list[Attachment]] = defaultdict(list)
    for entry_id, file in await session.execute(wanted):
        found[entry_id].append(attachment_of(file))
    return found


async def find_sent(session: AsyncSession, file_ids: Iterable[str]) -> Mapping[str, Attachment]:
    """What residents sent beside their words, by its id."""
    rows = await session.scalars(select(File).where(File.id.in_([UUID(file_id) for file_id in file_ids])))
    return {str(file.id): attachment_of(file) for file in rows}


async def _get_files(session: AsyncSession, actor: StaffActor, file_ids: Sequence[UUID]) -> list[File]:
    """The actor's own files in the order given, and of nobody else. Raises NotFound."""
    wanted = list(dict.fromkeys(file_ids[:MOST_FILES]))
    if not wanted:
        return []
    own = select(File).where(File.id.in_(wanted), File.staff_id == actor.staff_id, File.owner_id.is_(None))
    files = {file.id: file for file in await session.scalars(own)}
    if set(files) != set(wanted):
        raise NotFound
    return [files[file_id] for file_id in wanted]


def attachment_of(file: File) -> Attachment:
    """The file as a page shows it."""
    is_video = file.media_type.startswith("video/")
    return Attachment(file.id, file.name or "", file.width is not None, is_video)
