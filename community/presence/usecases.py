"""Hints between open pages: who looks at a need, who types. Told over the database, so that every process hears them.

A hint is a notification and nothing else; only who looks is a row, which ends by itself when its page is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.parties.models import Party, Staff
from community.presence.models import NeedLooker

HINTS = "linli_hints"
TYPES, HERE, SEEN = "typing", "here", "seen"
PRESENT = timedelta(seconds=20)
"""How long a page counts as open without saying so again; pages say so every ten seconds."""


async def hint(session: AsyncSession, shown: UUID, what: str) -> None:
    """Tell the pages that show this (a need, a resident's conversation, an address of the chat)."""
    await session.execute(select(func.pg_notify(HINTS, f"{shown}:{what}")))


async def look_at(
    session: AsyncSession, actor: StaffActor, page_id: UUID, need_id: UUID, at: datetime
) -> bool:
    """This open page shows the need; True where that is new. The caller has found that the actor may read it."""
    row = insert(NeedLooker).values(id=page_id, need_id=need_id, staff_id=actor.staff_id, until=at + PRESENT)
    known = await session.get(NeedLooker, page_id)
    await session.execute(
        row.on_conflict_do_update(index_elements=["id"], set_={"need_id": need_id, "until": at + PRESENT})
    )
    if known is not None and known.need_id == need_id:
        return False
    await hint(session, need_id, HERE)
    return True


async def look_away(session: AsyncSession, page_id: UUID) -> None:
    """The page is closed."""
    need_id = await session.scalar(
        delete(NeedLooker).where(NeedLooker.id == page_id).returning(NeedLooker.need_id)
    )
    if need_id is not None:
        await hint(session, need_id, HERE)


async def find_lookers(
    session: AsyncSession, actor: StaffActor, need_id: UUID, at: datetime
) -> Sequence[tuple[str, dict[str, str]]]:
    """Colleagues with the need before them, each once, with their party; not the actor."""
    wanted = (
        select(Staff.name, Party)
        .join(Party, Party.id == Staff.party_id)
        .where(
            Staff.id.in_(
                select(NeedLooker.staff_id).where(NeedLooker.need_id == need_id, NeedLooker.until > at)
            ),
            Staff.id != actor.staff_id,
        )
        .order_by(Staff.name)
    )
    return [(name, party.name) for name, party in await session.execute(wanted)]


async def forget_lookers(session: AsyncSession, at: datetime) -> None:
    """Remove pages that ended without a word."""
    await session.execute(delete(NeedLooker).where(NeedLooker.until < at))
