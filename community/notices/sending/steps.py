"""What the steps of sending share: finding what is under way, locking it, who the sender is, waking the consoles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.needs.usecases.steps import NEEDS_CHANGED
from community.notices.models import Notice, NoticeUrgency
from community.notices.sending.models import NoticeSending
from community.places.models import DEFAULT_ZONE, Community, Street


async def lock_sending(session: AsyncSession, notice_id: UUID) -> tuple[Notice, NoticeSending] | None:
    """A notice that is under way, for this transaction alone; None where another worker is at it, or it is over."""
    wanted = (
        select(Notice, NoticeSending)
        .join(NoticeSending, NoticeSending.notice_id == Notice.id)
        .where(Notice.id == notice_id, NoticeSending.over_at.is_(None))
        .with_for_update(of=NoticeSending, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    row = (await session.execute(wanted)).first()
    return (row.Notice, row.NoticeSending) if row is not None else None


async def get_sender(session: AsyncSession, notice: Notice) -> Mapping[str, str]:
    """The name of the community, or of the street, that sends it."""
    if notice.community_id is not None:
        community = await session.get_one(Community, notice.community_id)
        return community.name
    street = await session.get_one(Street, notice.street_id)
    return {"zh": street.zh, "en": street.en}


async def get_zone(session: AsyncSession, notice: Notice) -> str:
    """The zone in which the notice is written."""
    if notice.community_id is None:
        return DEFAULT_ZONE
    return (await session.get_one(Community, notice.community_id)).zone


async def wake_consoles(session: AsyncSession, notice: Notice) -> None:
    """The consoles of the community, or of all of the street, read anew when this transaction commits."""
    of = (
        Community.id == notice.community_id
        if notice.community_id
        else Community.street_id == notice.street_id
    )
    await session.execute(select(func.pg_notify(NEEDS_CHANGED, func.concat(Community.id, ":"))).where(of))


def urgent_first() -> tuple[ColumnElement[bool], ColumnElement[datetime]]:
    """The order in which notices are worked on."""
    hurries = (Notice.urgency == NoticeUrgency.URGENT) | Notice.sent_as_emergency
    return hurries.desc(), Notice.valid_from.asc()
