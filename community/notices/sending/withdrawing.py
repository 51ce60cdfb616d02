"""A notice that is cancelled while it goes out: what is not out stays in, set by set, and is counted as cancelled.

A digest with a line about it stays in as well, and the others of that digest come together anew (digests.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from community.notices.models import Notice, NoticeState
from community.notices.sending.models import NoticeSending
from community.notices.sending.steps import lock_sending, wake_consoles
from community.outbox.usecases import withdraw_messages

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
        RETURNING o.id, starts_with(o.purpose, 'notice_digest:') AS has_others
    ), noted AS (
        UPDATE notice_recipients AS r SET state = 'suppressed', reason = 'cancelled'
        FROM open LEFT JOIN kept ON kept.id = open.outbox_id
        WHERE r.notice_id = :notice_id AND r.resident_id = open.resident_id
            AND (open.outbox_id IS NULL OR open.outbox_id = kept.id)
        RETURNING 1
    ), others AS (
        UPDATE notice_recipients AS r SET state = 'waiting', reason = 'digest', outbox_id = NULL
        FROM open JOIN kept ON kept.id = open.outbox_id AND kept.has_others
        WHERE r.resident_id = open.resident_id AND r.outbox_id = kept.id AND r.notice_id <> :notice_id
        RETURNING r.resident_id, r.notice_id
    ), anew AS (
        INSERT INTO notice_digest_items (resident_id, notice_id, due_at)
        SELECT resident_id, notice_id, CAST(:at AS timestamptz) FROM others
        ON CONFLICT DO NOTHING
    )
    SELECT count(*) FROM noted
    """
)
_KEEP_REMINDERS = text(
    """
    WITH open AS (
        SELECT id FROM outbox_messages
        WHERE purpose >= :purpose AND purpose < concat(CAST(:purpose AS text), chr(127))
            AND state IN ('pending', 'waiting', 'held')
        LIMIT :most
    ), kept AS (
        UPDATE outbox_messages AS o SET state = 'suppressed', reason = 'withdrawn'
        FROM open WHERE o.id = open.id AND o.state IN ('pending', 'waiting', 'held')
        RETURNING 1
    )
    SELECT count(*) FROM kept
    """
)
_REMINDERS_LEFT = text(
    """
    SELECT EXISTS (
        SELECT FROM outbox_messages
        WHERE purpose >= :purpose AND purpose < concat(CAST(:purpose AS text), chr(127))
            AND state IN ('pending', 'waiting', 'held')
    )
    """
)
_FORGET_ITEMS = text(
    """
    WITH open AS (
        SELECT resident_id FROM notice_digest_items WHERE notice_id = :notice_id LIMIT :most
    ), gone AS (
        DELETE FROM notice_digest_items AS d USING open
        WHERE d.notice_id = :notice_id AND d.resident_id = open.resident_id
        RETURNING 1
    )
    SELECT count(*) FROM gone
    """
)


# A job hands the moment to all that it finds and takes (scheduler/one_by_one.py); here nothing depends on it: ARG001.
async def find_withdrawn(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:  # noqa: ARG001
    """Cancelled notices of which something may still be on its way."""
    wanted = (
        select(Notice.id)
        .join(NoticeSending, NoticeSending.notice_id == Notice.id)
        .where(NoticeSending.over_at.is_(None), Notice.state == NoticeState.CANCELLED)
    )
    return (await session.scalars(wanted.limit(most))).all()


async def withdraw_notice(session: AsyncSession, at: datetime, notice_id: UUID, most: int = AT_ONCE) -> int:
    """Keep in what is not out, at most so many of each sort; how many were kept in, 0 where nothing is left.

    Called once by the use-case that cancels, so that a notice to a community stops in the same moment, and by the job
    for the rest. What is in a sender's hands at this moment still arrives, and is noted as sent.
    """
    locked = await lock_sending(session, notice_id)
    if locked is None:
        return 0
    notice, sending = locked
    sending.reminding = False
    values = {"notice_id": notice.id, "purpose": _reminders(notice.id), "most": most, "at": at}
    kept = 0
    for statement in (_KEEP_IN, _KEEP_REMINDERS, _FORGET_ITEMS):
        kept += await session.scalar(statement, values) or 0
    if kept:
        await wake_consoles(session, notice)
    return kept


async def has_reminders_left(session: AsyncSession, notice_id: UUID) -> bool:
    """Whether a reminder of a notice is still to go out."""
    return bool(await session.scalar(_REMINDERS_LEFT, {"purpose": _reminders(notice_id)}))


async def withdraw_reminders_to(session: AsyncSession, notice_id: UUID, resident_id: UUID) -> None:
    """This person has confirmed it: a reminder that is not out yet stays in."""
    await withdraw_messages(session, _reminders(notice_id), [resident_id])


def _reminders(notice_id: UUID) -> str:
    """How the purposes of its reminders begin."""
    return f"notice_reminder:{notice_id}:"
