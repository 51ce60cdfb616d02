"""Fewer people may know of a need than before: neighbours follow it no more, and it may be compared no more."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from community.duplicates.models import NeedFollower, NeedVector
from community.needs.models import Need, Visibility


async def keep_from_neighbours(session: AsyncSession, need: Need) -> None:
    """Drop the followers who may not hear of a need as it is read now; in silence, for any word would tell of it.

    Only whoever reported the same matter stays with a private one; a confidential one has no followers and no vector.
    """
    if need.visibility is Visibility.PUBLIC:
        return
    gone = delete(NeedFollower).where(NeedFollower.need_id == need.id)
    if need.visibility is Visibility.PRIVATE:
        gone = gone.where(NeedFollower.own_need_id.is_(None))
    else:
        await session.execute(delete(NeedVector).where(NeedVector.need_id == need.id))
    await session.execute(gone)
