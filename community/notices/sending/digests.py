"""Who had enough notices on a day gets the others together: one message with a line each, when it is due.

Before: expanding.py put them aside. People with the same notices are told in one statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from community.notices.files import find_files
from community.notices.models import Notice
from community.notices.sending.bubble import digest_bubble, notice_bubble
from community.notices.sending.models import DigestItem
from community.notices.sending.settling import QUEUED, Wave, settle
from community.notices.sending.steps import get_sender, wake_consoles
from community.outbox.models import Priority

AT_ONCE = 10_000
_LOCK = 0x6E_6F_74_69
# What is called off is forgotten set by set (withdrawing.py): a round may come in between, and counts it the same way.
_NOT_ANY_MORE = text(
    """
    WITH gone AS (
        DELETE FROM notice_digest_items AS d USING notices AS n
        WHERE n.id = d.notice_id AND d.due_at <= :at AND (n.valid_until <= :at OR n.state NOT IN ('sending', 'sent'))
        RETURNING d.notice_id, d.resident_id, n.state = 'cancelled' AS cancelled
    )
    UPDATE notice_recipients AS r
    SET state = CASE WHEN cancelled THEN 'suppressed' ELSE 'failed' END,
        reason = CASE WHEN cancelled THEN 'cancelled' ELSE 'expired' END
    FROM gone
    WHERE r.notice_id = gone.notice_id AND r.resident_id = gone.resident_id AND r.state = 'waiting'
    """
)
_TOLD = text("SELECT id FROM settled")
_NOTED = text(
    """
    UPDATE notice_recipients AS r
    SET outbox_id = s.outbox_id, channel = s.channel, reason = s.reason,
        state = CASE WHEN s.reason IS NULL THEN 'queued' ELSE 'suppressed' END
    FROM settled AS s JOIN notice_digest_items AS d ON d.resident_id = s.id AND d.due_at <= :at
    WHERE r.notice_id = d.notice_id AND r.resident_id = d.resident_id
    """
)
_DONE = text(
    "DELETE FROM notice_digest_items AS d USING settled AS s WHERE d.resident_id = s.id AND d.due_at <= :at"
)
_WRITES = {"told": _TOLD, "queued": QUEUED, "noted": _NOTED, "done": _DONE}


async def send_digests(session: AsyncSession, at: datetime, most: int = AT_ONCE) -> int:
    """Queue what is due for those who wait for the same notices, the most numerous first; how many people they are."""
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
        return 0
    await session.execute(_NOT_ANY_MORE, {"at": at})
    ids = await _find_most_wanted(session, at)
    if not ids:
        return 0
    notices = (
        await session.scalars(
            select(Notice).where(Notice.id.in_(ids)).order_by(Notice.valid_from, Notice.created_at, Notice.id)
        )
    ).all()
    found = await settle(session, await _wave(session, notices), _who_waits_for(ids, at, most), at, _WRITES)
    for notice in notices:
        await wake_consoles(session, notice)
    people: int = found.people
    return people


async def _find_most_wanted(session: AsyncSession, at: datetime) -> Sequence[UUID]:
    sets = _sets(at).subquery()
    wanted = select(sets.c.ids).group_by(sets.c.ids).order_by(func.count().desc(), sets.c.ids).limit(1)
    return await session.scalar(wanted) or []


def _who_waits_for(ids: Sequence[UUID], at: datetime, most: int) -> Select[UUID]:
    sets = _sets(at).subquery()
    return select(sets.c.id).where(sets.c.ids == ids).order_by(sets.c.id).limit(most)


def _sets(at: datetime) -> Select[UUID, Sequence[UUID]]:
    """Each person for whom something is due, with all of it."""
    ids = func.array_agg(aggregate_order_by(DigestItem.notice_id, DigestItem.notice_id))
    return (
        select(DigestItem.resident_id.label("id"), ids.label("ids"))
        .where(DigestItem.due_at <= at)
        .group_by(DigestItem.resident_id)
    )


async def _wave(session: AsyncSession, notices: Sequence[Notice]) -> Wave:
    """One notice alone comes as it is, and stays in where it is called off."""
    until = max(notice.valid_until for notice in notices)
    if len(notices) > 1:
        bubble = digest_bubble(notices)
        return Wave(bubble, f"notice_digest:{uuid4()}", Priority.BULK, until)
    (notice,) = notices
    bubble = notice_bubble(notice, await get_sender(session, notice), await find_files(session, notice.id))
    return Wave(bubble, f"notice:{notice.id}", Priority.BULK, until)
