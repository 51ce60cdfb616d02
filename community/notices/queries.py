"""Reading notices: the newest valid ones of a community."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.notices.models import Notice, NoticeState


async def find_valid_notices(
    session: AsyncSession, community_id: UUID, at: datetime, most: int = 5
) -> Sequence[Notice]:
    """Notices that are out and valid at `at`, newest first."""
    wanted = (
        select(Notice)
        .where(
            Notice.community_id == community_id,
            Notice.state.in_((NoticeState.SENDING, NoticeState.SENT)),
            Notice.valid_from <= at,
            Notice.valid_until > at,
        )
        .order_by(Notice.valid_from.desc())
        .limit(most)
    )
    return (await session.scalars(wanted)).all()
