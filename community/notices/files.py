"""Photos and documents that go with a notice: the first photo is its picture, all of them are listed under it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.errors import NotFound, Refused
from community.files.attaching import MOST_FILES, Attachment
from community.files.models import File
from community.notices.models import Notice, NoticeFile
from community.notices.rights import readable_by


async def find_files(session: AsyncSession, notice_id: UUID) -> Sequence[Attachment]:
    """The files of a notice in their order."""
    wanted = select(File).join(NoticeFile, NoticeFile.file_id == File.id)
    rows = await session.scalars(
        wanted.where(NoticeFile.notice_id == notice_id).order_by(NoticeFile.position)
    )
    return [Attachment(file.id, file.name or "", file.width is not None) for file in rows]


async def is_of_readable_notice(session: AsyncSession, actor: StaffActor, file_id: UUID) -> bool:
    """Whether a file goes with a notice that the actor may read in the console."""
    held = select(Notice.id).join(NoticeFile, NoticeFile.notice_id == Notice.id)
    wanted = held.where(NoticeFile.file_id == file_id, readable_by(actor))
    return await session.scalar(wanted.limit(1)) is not None


async def keep_files(
    session: AsyncSession, actor: StaffActor, notice: Notice, kept: Sequence[UUID], added: Sequence[UUID]
) -> None:
    """Let the notice have those of its files that are `kept`, and the actor's own `added` behind them.

    `kept` may also be files of the notice that it was copied from. Raises Refused("too_many_files"), and NotFound for
    a file that is not the actor's.
    """
    if len(kept) + len(added) > MOST_FILES:
        raise Refused("too_many_files", most=MOST_FILES)
    await _check_own(session, actor, added)
    await session.execute(delete(NoticeFile).where(NoticeFile.notice_id == notice.id))
    file_ids = list(dict.fromkeys([*kept, *added]))
    session.add_all(
        NoticeFile(notice_id=notice.id, file_id=file_id, position=position)
        for position, file_id in enumerate(file_ids)
    )
    await session.flush()
    files = await find_files(session, notice.id)
    notice.image_id = next((file.id for file in files if file.is_photo), None)


async def _check_own(session: AsyncSession, actor: StaffActor, file_ids: Sequence[UUID]) -> None:
    own = select(File.id).where(File.id.in_(file_ids), File.staff_id == actor.staff_id)
    if set((await session.scalars(own)).all()) != set(file_ids):
        raise NotFound
