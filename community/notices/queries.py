"""Reading notices: the newest valid ones of a community, and one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import NotFound
from community.notices.models import Notice, NoticeState


async def find_valid_notices(
    session: AsyncSession, community_id: UUID, at: datetime, most: int = 5
) -> Sequence[Notice]:
    """Notices that are out and valid at `at`, newest first."""
    wanted = _valid(community_id, at).order_by(Notice.valid_from.desc()).limit(most)
    return (await session.scalars(wanted)).all()


async def get_valid_notice(
    session: AsyncSession, community_id: UUID, notice_id: UUID, at: datetime
) -> Notice:
    """One notice of the community that is out and valid at `at`; NotFound for any other."""
    notice: Notice | None = await session.scalar(_valid(community_id, at).where(Notice.id == notice_id))
    if notice is None:
        raise NotFound
    return notice


def _valid(community_id: UUID, at: datetime) -> Select[Notice]:
    return select(Notice).where(
        Notice.community_id == community_id,
        Notice.state.in_((NoticeState.SENDING, NoticeState.SENT)),
        Notice.valid_from <= at,
        Notice.valid_until > at,
    )
