"""Which categories of notices go to a person: what they said, and for the rest what the category says."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from community.contact.queries import get_follows
from community.notices.kinds import NOTICE_KINDS, NoticeKind


def kinds_to_choose() -> Sequence[NoticeKind]:
    """The categories that one may leave; emergencies are for everybody."""
    return [kind for kind in NOTICE_KINDS.values() if not kind.for_all]


async def find_followed(session: AsyncSession, resident_id: UUID) -> frozenset[str]:
    """The codes of the categories that the person gets, of those that one may leave."""
    said = await get_follows(session, resident_id)
    return frozenset(kind.code for kind in kinds_to_choose() if said.get(kind.code, kind.followed))
