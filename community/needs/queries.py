"""Reading needs within one's rights: a resident's own, and one need with everything around it; queue.py lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.errors import NotFound
from community.files.attaching import Attachment, attachment_of
from community.files.models import File
from community.kind_texts.models import KindText
from community.kind_texts.queries import find_kind_text
from community.needs.lines import PAGE, NeedLine, line_of, masked, select_lines
from community.needs.models import ENDED, Need, NeedFile, Visibility
from community.needs.rights import may_know, may_read
from community.needs.story import Event, find_entries, find_transitions
from community.needs.views import log_view
from community.parties.models import Party, Role, Staff
from community.places.models import Place
from community.routing.matrix import find_shares
from community.surveys.models import Survey


@dataclass(frozen=True, slots=True)
class NeedPage:
    """One need with its time line, what was sent with it, and its survey; `told` is what its community tells residents
    about the kind."""

    line: NeedLine
    events: Sequence[Event]
    files: Sequence[Attachment]
    survey: Survey | None
    shares: Sequence[tuple[Party, str]]
    told: KindText | None = None


async def find_own_needs(
    session: AsyncSession,
    resident_id: UUID,
    *,
    only_open: bool = False,
    most: int = PAGE,
    before: datetime | None = None,
) -> Sequence[NeedLine]:
    """The resident's needs, newest first."""
    wanted = _own_needs(only_open=only_open, goes_on=before is not None).limit(most)
    rows = await session.execute(
        wanted, {"own": resident_id, "before": before} if before else {"own": resident_id}
    )
    return [line_of(row) for row in rows]


@cache
def _own_needs(*, only_open: bool, goes_on: bool) -> Select[Need, Party | None, Place | None, Staff | None]:
    """A resident's needs (`own`), newest first, from `before` on where a list goes on; made once, as reports ask."""
    wanted = select_lines().where(Need.resident_id == bindparam("own"))
    if only_open:
        wanted = wanted.where(Need.state.not_in(ENDED))
    if goes_on:
        wanted = wanted.where(Need.created_at < bindparam("before"))
    return wanted.order_by(Need.created_at.desc())


async def count_own_needs(session: AsyncSession, resident_id: UUID) -> int:
    """How many needs the resident has reported, with those that are over."""
    wanted = select(func.count()).select_from(Need).where(Need.resident_id == resident_id)
    return await session.scalar(wanted) or 0


async def get_own_need(session: AsyncSession, resident_id: UUID, need_id: UUID) -> NeedPage:
    """One own need for the resident: no notes of staff in it. NotFound also where it is somebody else's."""
    row = (
        await session.execute(select_lines().where(Need.id == need_id, Need.resident_id == resident_id))
    ).first()
    if row is None:
        raise NotFound
    told = await find_kind_text(session, row[0].community_id, row[0].kind)
    return replace(await _page(session, line_of(row), with_notes=False), told=told)


async def get_need_page(
    session: AsyncSession, actor: StaffActor, need_id: UUID, *, what: str = "page"
) -> NeedPage:
    """One need for staff. A confidential one writes a line in the log of views, in the caller's transaction.

    Raises NotFound; for staff who may only know that it exists the page has `readable=False` and nothing in it.
    """
    row = (await session.execute(select_lines().where(Need.id == need_id))).first()
    if row is None or not await may_know(session, actor, row[0]):
        raise NotFound
    line = line_of(row)
    readable = await may_read(session, actor, line.need)
    if line.need.visibility is Visibility.CONFIDENTIAL:
        await log_view(session, actor, need_id, what, allowed=readable)
    if not readable:
        return NeedPage(masked(line, False), [], [], None, [])
    return await _page(session, line, with_notes=True)


async def find_colleagues(session: AsyncSession, party_id: UUID) -> Sequence[Staff]:
    """Staff of a party who can be assigned: not those who only look after accounts."""
    working = (Staff.party_id == party_id, Staff.disabled_at.is_(None), Staff.role != Role.ADMIN)
    wanted = select(Staff).where(*working).order_by(Staff.name)
    return (await session.scalars(wanted)).all()


async def find_parties(session: AsyncSession, community_id: UUID) -> Sequence[Party]:
    """The parties of a community, to hand over to."""
    return (
        await session.scalars(
            select(Party)
            .where(Party.community_id == community_id, Party.ended_at.is_(None))
            .order_by(Party.type)
        )
    ).all()


async def _page(session: AsyncSession, line: NeedLine, *, with_notes: bool) -> NeedPage:
    need = line.need
    events = [
        *await find_transitions(session, need.id, with_notes),
        *await find_entries(session, need.id, with_notes),
    ]
    sent = select(File).join(NeedFile, NeedFile.file_id == File.id).where(NeedFile.need_id == need.id)
    files = [attachment_of(file) for file in await session.scalars(sent.order_by(File.created_at, File.id))]
    survey = await session.scalar(
        select(Survey)
        .where(Survey.need_id == need.id)
        .order_by(Survey.round.desc(), Survey.turn.desc())
        .limit(1)
    )
    shares = await find_shares(session, need)
    ordered = sorted(events, key=lambda event: event.at)
    return NeedPage(line, ordered, files, survey, [(party, share.value) for party, share in shares])
