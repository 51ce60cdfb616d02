"""Notices whose time has come begin to go out, and the next time of those that repeat is planned.

Before: community/notices/usecases approved them. Next: expanding.py. Each time of a series is a notice of its own, so
that it has its own words to confirm and its own figures; whoever cancels the next one ends the series.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from sqlalchemy import insert, literal, or_, select
from sqlalchemy.dialects.postgresql import insert as insert_or_skip
from sqlalchemy.ext.asyncio import AsyncSession

from community.notices.models import Notice, NoticeAct, NoticeFile, NoticeHistory, NoticeState
from community.notices.sending.models import NoticeSending
from community.notices.sending.steps import get_zone, urgent_first, wake_consoles
from community.notices.states import step

_AGAIN = (
    "community_id",
    "street_id",
    "category",
    "urgency",
    "title_zh",
    "title_en",
    "text_zh",
    "text_en",
    "public",
    "need_receipt",
    "help_button",
    "activity_id",
    "image_id",
    "audience",
    "created_by",
    "approved_by",
    "approved_at",
    "terms",
)


async def find_due_notices(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """Approved notices that are to go out by `at`, urgent ones first."""
    due = or_(Notice.send_at.is_(None), Notice.send_at <= at)
    wanted = select(Notice.id).where(Notice.state == NoticeState.APPROVED, due)
    return (await session.scalars(wanted.order_by(*urgent_first()).limit(most))).all()


async def start_sending(session: AsyncSession, at: datetime, notice_id: UUID) -> int:
    """Begin with one notice; 1 where it goes out, 0 where another worker has it or it is out of date by now.

    What is out of date is cancelled: nobody is told of water that is off since yesterday.
    """
    wanted = select(Notice).where(Notice.id == notice_id).with_for_update(skip_locked=True)
    notice = await session.scalar(wanted.execution_options(populate_existing=True))
    if notice is None or notice.state is not NoticeState.APPROVED:
        return 0
    await _plan_next(session, notice, at)
    await wake_consoles(session, notice)
    if notice.valid_until <= at:
        step(session, notice, NoticeAct.CANCELLED)
        return 0
    step(session, notice, NoticeAct.SENDING)
    session.add(NoticeSending(notice_id=notice.id, started_at=at))
    return 1


async def _plan_next(session: AsyncSession, notice: Notice, at: datetime) -> None:
    """The next time of a series is approved as the first was; planned twice is planned once."""
    first = await session.get_one(Notice, notice.series_id) if notice.series_id else notice
    if first.repeat is None:
        return
    begun = notice.send_at or at
    moment = next_time(first.repeat, first.send_at or begun, max(begun, at), await get_zone(session, notice))
    if moment is None:
        return
    later = moment - begun
    row = {name: getattr(notice, name) for name in _AGAIN} | {
        "id": uuid4(),
        "state": NoticeState.APPROVED,
        "series_id": first.id,
        "send_at": moment,
        "valid_from": moment,
        "valid_until": notice.valid_until + later,
    }
    made = await session.scalar(
        insert_or_skip(Notice).values(row).on_conflict_do_nothing().returning(Notice.id)
    )
    if made is not None:
        await _take_along(session, notice.id, made, at)


async def _take_along(session: AsyncSession, before: UUID, made: UUID, at: datetime) -> None:
    """Its documents, and the line of history that says that Linli made it from the one before."""
    files = select(literal(made), NoticeFile.file_id, NoticeFile.position).where(
        NoticeFile.notice_id == before
    )
    await session.execute(insert(NoticeFile).from_select(["notice_id", "file_id", "position"], files))
    session.add(NoticeHistory(notice_id=made, at=at, act=NoticeAct.COPIED, to_state=NoticeState.APPROVED))


def next_time(rule: str, first: datetime, after: datetime, zone: str) -> datetime | None:
    """When a series that began at `first` goes out next, counted in the community's own time; None after its end."""
    place = ZoneInfo(zone)
    begin = first.astimezone(place).replace(tzinfo=None)
    found = rrulestr(rule, dtstart=begin).after(after.astimezone(place).replace(tzinfo=None))
    return found.replace(tzinfo=place).astimezone(first.tzinfo) if found is not None else None
