"""What the acts of staff with a notice share: finding it within one's walls, locked, and who wrote its words."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from community.actors import StaffActor
from community.errors import NotAllowed, NotFound
from community.notices.models import Notice, NoticeAct, NoticeHistory
from community.notices.rights import may_decide, owns, readable_by
from community.parties.models import Role, Staff
from community.places.models import Community

WROTE = frozenset({NoticeAct.DRAFTED, NoticeAct.COPIED, NoticeAct.EDITED, NoticeAct.SUBMITTED})


async def get_notice(session: AsyncSession, actor: StaffActor, notice_id: UUID) -> Notice:
    """A notice that the actor may read in the console. Raises NotFound."""
    notice: Notice | None = await session.scalar(
        select(Notice).where(Notice.id == notice_id, readable_by(actor))
    )
    if notice is None:
        raise NotFound
    return notice


async def lock_own(session: AsyncSession, actor: StaffActor, notice_id: UUID) -> Notice:
    """A notice of the actor's office, for this transaction alone. Raises NotFound, NotAllowed."""
    notice = await _lock(session, actor, notice_id)
    if not owns(actor, notice):
        raise NotAllowed
    return notice


async def lock_to_decide(session: AsyncSession, actor: StaffActor, notice_id: UUID) -> Notice:
    """A notice that the actor may approve, reject or cancel, locked. Raises NotFound, NotAllowed."""
    notice = await _lock(session, actor, notice_id)
    community = await session.get(Community, notice.community_id) if notice.community_id else None
    if not may_decide(actor, notice, community.street_id if community else None):
        raise NotAllowed
    return notice


async def has_written(session: AsyncSession, actor: StaffActor, notice: Notice) -> bool:
    """Whether some of the words are the actor's own, or they submitted them: then somebody else approves."""
    acts = select(NoticeHistory.id).where(
        NoticeHistory.notice_id == notice.id,
        NoticeHistory.staff_id == actor.staff_id,
        NoticeHistory.act.in_(WROTE),
    )
    return notice.created_by == actor.staff_id or await session.scalar(acts.limit(1)) is not None


async def may_send_at_once(session: AsyncSession, actor: StaffActor) -> bool:
    """The role named for emergencies: who leads the committee, and who leads the street office."""
    if actor.role not in (Role.COMMITTEE, Role.STREET):
        return False
    return bool(await session.scalar(select(Staff.leads).where(Staff.id == actor.staff_id)))


async def _lock(session: AsyncSession, actor: StaffActor, notice_id: UUID) -> Notice:
    wanted = select(Notice).where(Notice.id == notice_id, readable_by(actor)).with_for_update()
    notice: Notice | None = await session.scalar(wanted.execution_options(populate_existing=True))
    if notice is None:
        raise NotFound
    return notice
