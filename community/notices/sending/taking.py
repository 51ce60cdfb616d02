"""Who got a notice, as a list to take away: person by person for the committee of the community, and noted as taken."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.audit.usecases import note_act
from community.errors import Refused
from community.notices.models import Notice, NoticeRecipient
from community.notices.sending.door import get_own
from community.places.models import Place
from community.residents.models import Resident
from community.residents.rights import answered_for_by

AT_ONCE = 200
"""Few enough that nobody in the chat waits for them: each is opened and written in Python."""


async def start_taking_people(
    session: AsyncSession, actor: StaffActor, notice_id: UUID, form: str, most: int | None = None
) -> Notice:
    """Note that somebody takes the list away. Raises NotFound, NotAllowed, Refused("too_many_for_a_sheet") for more
    people than `most`."""
    notice = await get_own(session, actor, notice_id)
    listed = select(NoticeRecipient.resident_id).join(Resident, Resident.id == NoticeRecipient.resident_id)
    mine = listed.where(NoticeRecipient.notice_id == notice.id, answered_for_by(actor))
    count = await session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    if most is not None and count > most:
        raise Refused("too_many_for_a_sheet", count=count, most=most)
    note_act(
        session,
        actor,
        "notice_exported",
        subject_kind="notice",
        subject_id=notice.id,
        community_id=actor.community_id,
        form=form,
        count=count,
    )
    return notice


async def take_people(session: AsyncSession, actor: StaffActor, notice: Notice) -> AsyncIterator[Row[Any]]:
    """The rows in the order of homes, read some at a time: place, resident's name and room, the recipient."""
    wanted = (
        select(Place.zh, Place.en, Resident.room, Resident.name, NoticeRecipient)
        .join(Resident, Resident.id == NoticeRecipient.resident_id)
        .outerjoin(Place, Place.id == Resident.home_id)
        .where(NoticeRecipient.notice_id == notice.id, answered_for_by(actor))
        .order_by(Place.zh, Resident.id)
    )
    rows: AsyncIterator[Row[Any]] = await session.stream(wanted.execution_options(yield_per=AT_ONCE))
    async for row in rows:
        yield row
