"""Files that nothing holds on to: uploaded and never sent, or left by a form that was refused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import Activity
from community.files.models import File
from community.inbox.models import InboundMessage
from community.needs.models import NeedEntryFile, NeedFile
from community.notices.models import Notice, NoticeFile

KEPT_FOR = timedelta(days=1)
HOLDERS = (NeedFile.file_id, NeedEntryFile.file_id, Activity.photo_id, NoticeFile.file_id, Notice.image_id)
"""Every column that points to a file."""


async def find_orphans(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """Files older than a day that belong to no need, no entry and no message, the oldest first."""
    old = File.created_at < at - KEPT_FOR
    wanted = select(File.id).where(old, *_unheld()).order_by(File.created_at).limit(most)
    return (await session.scalars(wanted)).all()


async def forget_files(session: AsyncSession, file_ids: Collection[UUID]) -> list[UUID]:
    """Forget those that are still held by nothing; gives their ids, so that their bytes can go as well."""
    gone = await session.scalars(delete(File).where(File.id.in_(file_ids), *_unheld()).returning(File.id))
    return list(gone.all())


async def find_known(session: AsyncSession, file_ids: Collection[UUID]) -> set[UUID]:
    """Those of the ids that are files of ours."""
    return set((await session.scalars(select(File.id).where(File.id.in_(file_ids)))).all())


def _unheld() -> list[ColumnElement[bool]]:
    sent = exists().where(
        InboundMessage.resident_id == File.owner_id,
        InboundMessage.files.contains(func.jsonb_build_array(File.id)),
    )
    return [*(not_(exists().where(holder == File.id)) for holder in HOLDERS), not_(sent)]
