"""A notice that is cancelled while it goes out: what is not out stays in, set by set, and is counted as cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from community.notices.models import Notice, NoticeState
from community.notices.sending.models import DigestItem, NoticeSending
from community.notices.sending.steps import lock_sending, wake_consoles

AT_ONCE = 10_000
_KEEP_IN = text(
    """
    WITH open AS (
        SELECT r.resident_id, r.outbox_id
        FROM notice_recipients AS r LEFT JOIN outbox_messages AS o ON o.id = r.outbox_id
        WHERE r.notice_id = :notice_id AND r.state IN ('queued', 'waiting')
            AND (r.outbox_id IS NULL OR o.state IN ('pending', 'waiting', 'held'))
        LIMIT :most
    ), kept AS (
        UPDATE outbox_messages AS o SET state = 'suppressed', reason = 'withdrawn'
        FROM open WHERE o.id = open.outbox_id AND o.state IN ('pending', 'waiting', 'held')
            AND starts_with(o.purpose, :purpose)
        RETURNING o.id
    ), noted AS (
        UPDATE notice_recipients AS r SET state = 'suppressed', reason = 'cancelled'
        FROM open LEFT JOIN kept ON kept.id = open.outbox_id
            LEFT JOIN outbox_messages AS o ON o.id = open.outbox_id
        WHERE r.notice_id = :notice_id AND r.resident_id = open.resident_id
            AND (open.outbox_id IS NULL OR open.outbox_id = kept.id OR NOT starts_with(o.purpose, :purpose))
        RETURNING 1
    )
    SELECT count(*) FROM noted
    """
)
_KEEP_REMINDERS = text(
    """
    UPDATE outbox_messages SET state = 'suppressed', reason = 'withdrawn'
    WHERE purpose >= :purpose AND purpose < concat(CAST(:purpose AS text), chr(127))
        AND state IN ('pending', 'waiting', 'held')
    """
)


async def find_withdrawn(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:  # noqa: ARG001
    """Cancelled notices of which something may still be on its way."""
    wanted = (
        select(Notice.id)
        .join(NoticeSending, NoticeSending.notice_id == Notice.id)
        .where(NoticeSending.over_at.is_(None), Notice.state == NoticeState.CANCELLED)
    )
    return (await session.scalars(wanted.limit(most))).all()


async def withdraw_notice(session: AsyncSession, at: datetime, notice_id: UUID, most: int = AT_ONCE) -> int:  # noqa: ARG001
    """Keep in what is not out, at most so many; how many were kept in.

    Called once by the use-case that cancels, so that a notice to a community stops in the same moment, and by the job
    for the rest. What is in a sender's hands at this moment still arrives, and is noted as sent.
    """
    locked = await lock_sending(session, notice_id)
    if locked is None:
        return 0
    notice, sending = locked
    await session.execute(_KEEP_REMINDERS, {"purpose": f"notice_reminder:{notice.id}:"})
    await session.execute(delete(DigestItem).where(DigestItem.notice_id == notice.id))
    values = {"notice_id": notice.id, "purpose": f"notice:{notice.id}:", "most": most}
    kept: int = await session.scalar(_KEEP_IN, values) or 0
    sending.reminding = False
    if kept:
        await wake_consoles(session, notice)
    return kept
