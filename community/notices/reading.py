"""Who may read which notices: those that are out within one's walls, public ones and those that were meant for one.

Every list, page, feed and search of residents begins with `find_readable`; nothing else decides what they see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from community.errors import NotFound
from community.notices.models import Notice, NoticeRecipient, NoticeState
from community.places.models import Community
from community.residents.queries import Profile

OUT = (NoticeState.SENDING, NoticeState.SENT)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: a person, or anybody at all, of a community, which with its street is the wall."""

    community_id: UUID
    street_id: UUID
    resident_id: UUID | None = None


def reader_of(profile: Profile) -> Reader:
    """The person with their community. Raises NotFound where none is known."""
    if profile.community is None:
        raise NotFound
    return Reader(profile.community.id, profile.community.street_id, profile.resident.id)


def anybody_in(community: Community) -> Reader:
    """Whoever comes by the archive of a community."""
    return Reader(community.id, community.street_id)


def find_readable(reader: Reader, at: datetime) -> Select[Notice]:
    """The notices that the reader may see at `at`, valid or over, in no order."""
    return select(Notice).where(
        or_(Notice.community_id == reader.community_id, Notice.street_id == reader.street_id),
        Notice.state.in_(OUT),
        Notice.valid_from <= at,
        _is_open_to(reader),
    )


def is_valid(at: datetime) -> ColumnElement[bool]:
    """Whether a notice still holds at `at`."""
    return Notice.valid_until > at


async def find_newest(
    session: AsyncSession, reader: Reader, at: datetime, most: int, after: UUID | None = None
) -> Sequence[Notice]:
    """The newest that hold at `at`; `after` is the last of a page that was shown before."""
    return await _find_page(session, find_readable(reader, at).where(is_valid(at)), most, after)


async def find_past(
    session: AsyncSession, reader: Reader, at: datetime, most: int, after: UUID | None = None
) -> Sequence[Notice]:
    """Those that are over, newest first; `after` is the last of a page that was shown before."""
    return await _find_page(session, find_readable(reader, at).where(~is_valid(at)), most, after)


async def find_latest(session: AsyncSession, reader: Reader, at: datetime, most: int) -> Sequence[Notice]:
    """The newest that the reader may see, valid or over, for a feed."""
    wanted = find_readable(reader, at).order_by(*newest_first()).limit(most)
    return (await session.scalars(wanted)).all()


async def get_readable(session: AsyncSession, reader: Reader, notice_id: UUID, at: datetime) -> Notice:
    """One notice that the reader may see. Raises NotFound for any other, and says so where it was withdrawn."""
    notice: Notice | None = await session.scalar(find_readable(reader, at).where(Notice.id == notice_id))
    if notice is None:
        raise await explain_missing(session, notice_id, _is_open_to(reader))
    return notice


async def find_still_readable(
    session: AsyncSession, reader: Reader, notice_ids: Sequence[UUID], at: datetime
) -> Sequence[Notice]:
    """Those of several that the reader may still see, in their order: others were withdrawn, or are of elsewhere."""
    wanted = find_readable(reader, at).where(Notice.id.in_(notice_ids))
    found = {notice.id: notice for notice in await session.scalars(wanted)}
    return [found[each] for each in notice_ids if each in found]


async def explain_missing(
    session: AsyncSession, notice_id: UUID, open_to: ColumnElement[bool] | None = None
) -> NotFound:
    """Why a link leads nowhere: withdrawn after it went out, for who might have read it; else there is none."""
    withdrawn = select(Notice.id).where(
        Notice.id == notice_id,
        Notice.state == NoticeState.CANCELLED,
        Notice.approved_at.is_not(None),
        Notice.public if open_to is None else open_to,
    )
    return NotFound("notice_withdrawn" if await session.scalar(withdrawn) else None)


async def find_public(session: AsyncSession, notice_id: UUID, at: datetime) -> Notice | None:
    """A notice that is open to everybody, for who opens a forwarded link and belongs to no community."""
    wanted = select(Notice).where(
        Notice.id == notice_id, Notice.public, Notice.state.in_(OUT), Notice.valid_from <= at
    )
    found: Notice | None = await session.scalar(wanted)
    return found


async def find_receipt(session: AsyncSession, resident_id: UUID, notice_id: UUID) -> NoticeRecipient | None:
    """What became of the notice for this person; None where it was not sent to them."""
    return await session.get(NoticeRecipient, (notice_id, resident_id))


async def find_receipts(
    session: AsyncSession, resident_id: UUID | None, notice_ids: Sequence[UUID]
) -> Mapping[UUID, NoticeRecipient]:
    """What became of these notices for this person, by notice; nothing for who is not known."""
    if resident_id is None:
        return {}
    wanted = select(NoticeRecipient).where(
        NoticeRecipient.resident_id == resident_id, NoticeRecipient.notice_id.in_(notice_ids)
    )
    return {row.notice_id: row for row in await session.scalars(wanted)}


def is_within(reader: Reader, notice: Notice) -> bool:
    """Whether a notice is of the reader's own community or street."""
    return reader.community_id == notice.community_id or reader.street_id == notice.street_id


async def _find_page(
    session: AsyncSession, wanted: Select[Notice], most: int, after: UUID | None
) -> Sequence[Notice]:
    if after is not None:
        last = select(Notice.valid_from).where(Notice.id == after).scalar_subquery()
        wanted = wanted.where(
            or_(Notice.valid_from < last, and_(Notice.valid_from == last, Notice.id > after))
        )
    return (await session.scalars(wanted.order_by(*newest_first()).limit(most))).all()


def newest_first() -> tuple[ColumnElement[Any], InstrumentedAttribute[UUID]]:
    """The order of every list of residents."""
    return (Notice.valid_from.desc(), Notice.id)


def _is_open_to(reader: Reader) -> ColumnElement[bool]:
    public: ColumnElement[bool] = Notice.public.is_(True)
    if reader.resident_id is None:
        return public
    meant = exists().where(
        NoticeRecipient.notice_id == Notice.id, NoticeRecipient.resident_id == reader.resident_id
    )
    return or_(public, meant)
