"""Reading notices at the console: the list by state, what waits for approval, and what was done with one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import func, not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.errors import NotFound
from community.notices.models import Notice, NoticeHistory, NoticeRecipient, NoticeState
from community.notices.rights import may_write, readable_by
from community.notices.usecases.steps import WROTE
from community.parties.models import Staff
from community.places.models import Community

PAGE = 40


class Shelf(StrEnum):
    """The parts of the list."""

    SUBMITTED = "submitted"
    DRAFT = "draft"
    GOING = "going"
    SENT = "sent"
    CANCELLED = "cancelled"


SHELVES: Mapping[Shelf, frozenset[NoticeState]] = MappingProxyType(
    {
        Shelf.SUBMITTED: frozenset({NoticeState.SUBMITTED}),
        Shelf.DRAFT: frozenset({NoticeState.DRAFT}),
        Shelf.GOING: frozenset({NoticeState.APPROVED, NoticeState.SENDING}),
        Shelf.SENT: frozenset({NoticeState.SENT}),
        Shelf.CANCELLED: frozenset({NoticeState.CANCELLED}),
    }
)


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice in the list; `community` is None for one of the street, `author` for one that Linli made."""

    notice: Notice
    community: Community | None
    author: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """One line of a notice's history; `who` is None for Linli."""

    entry: NoticeHistory
    who: str | None


async def find_notices(
    session: AsyncSession, actor: StaffActor, shelf: Shelf, *, before: datetime | None = None
) -> Sequence[NoticeLine]:
    """One part of the list, newest first. Raises NotFound for whoever writes no notices."""
    if not may_write(actor):
        raise NotFound
    wanted = (
        select(Notice, Community, Staff.name)
        .outerjoin(Community, Community.id == Notice.community_id)
        .outerjoin(Staff, Staff.id == Notice.created_by)
        .where(readable_by(actor), Notice.state.in_(SHELVES[shelf]))
    )
    if before is not None:
        wanted = wanted.where(Notice.created_at < before)
    rows = await session.execute(wanted.order_by(Notice.created_at.desc(), Notice.id).limit(PAGE))
    return [NoticeLine(row.Notice, row.Community, row.name) for row in rows]


async def count_shelves(session: AsyncSession, actor: StaffActor) -> Mapping[Shelf, int]:
    """How many notices stand in each part of the list."""
    wanted = select(Notice.state, func.count().label("many")).where(readable_by(actor)).group_by(Notice.state)
    counts = {row.state: row.many for row in await session.execute(wanted)}
    return {shelf: sum(counts.get(state, 0) for state in states) for shelf, states in SHELVES.items()}


async def count_to_approve(session: AsyncSession, actor: StaffActor) -> int:
    """How many notices wait for this person, who wrote nothing of them."""
    if not may_write(actor):
        return 0
    own = select(NoticeHistory.notice_id).where(
        NoticeHistory.staff_id == actor.staff_id, NoticeHistory.act.in_(WROTE)
    )
    waiting = (readable_by(actor), Notice.state == NoticeState.SUBMITTED, not_(Notice.id.in_(own)))
    return await session.scalar(select(func.count()).select_from(Notice).where(*waiting)) or 0


async def find_history(session: AsyncSession, notice_id: UUID) -> Sequence[Act]:
    """What was done with a notice that the caller has found to be readable, oldest first."""
    wanted = select(NoticeHistory, Staff.name).outerjoin(Staff, Staff.id == NoticeHistory.staff_id)
    rows = await session.execute(
        wanted.where(NoticeHistory.notice_id == notice_id).order_by(NoticeHistory.id)
    )
    return [Act(row.NoticeHistory, row.name) for row in rows]


async def find_recent(session: AsyncSession, actor: StaffActor, most: int = 20) -> Sequence[Notice]:
    """Notices that are out and ask for a receipt: of whom has not confirmed, an audience can be made."""
    wanted = select(Notice).where(
        readable_by(actor),
        Notice.need_receipt,
        Notice.state.in_((NoticeState.SENDING, NoticeState.SENT)),
    )
    return (await session.scalars(wanted.order_by(Notice.valid_from.desc()).limit(most))).all()


async def count_month(session: AsyncSession, actor: StaffActor, since: datetime) -> int:
    """How many messages of the office's own notices went out or are on their way since then."""
    own = Notice.street_id == actor.street_id
    if actor.community_id is not None:
        own = Notice.community_id == actor.community_id
    told = (
        select(func.count())
        .select_from(NoticeRecipient)
        .join(Notice, Notice.id == NoticeRecipient.notice_id)
        .where(own, Notice.approved_at >= since, NoticeRecipient.outbox_id.is_not(None))
    )
    return await session.scalar(told) or 0
