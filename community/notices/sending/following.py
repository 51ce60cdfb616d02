"""What became of the messages of a notice flows back to its recipients: sent, failed and why, waiting for contact.

Before: channels/delivery. Recipients that are still open are looked at in turns, so many at a time, from a cursor on:
what a look costs does not grow with the audience, and delivery itself is not made slower. Notices have their turns as
well: the one that was not looked at for the longest time comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from community.notices.models import Notice, NoticeAct, NoticeRecipient, NoticeState, RecipientState
from community.notices.sending.models import NoticeSending
from community.notices.sending.steps import lock_sending, wake_consoles
from community.notices.sending.withdrawing import has_reminders_left
from community.notices.states import step

AT_ONCE = 5_000
_OPEN = (RecipientState.QUEUED, RecipientState.WAITING)
_LOOKED_AT = (*_OPEN, RecipientState.FAILED)
_ENDING = (NoticeState.SENDING, NoticeState.CANCELLED)
_FOLLOW = text(
    """
    WITH open AS (
        SELECT resident_id, outbox_id, state, reason FROM notice_recipients
        WHERE notice_id = :notice_id AND state IN ('queued', 'waiting', 'failed')
            AND resident_id > coalesce(CAST(:after AS uuid), '00000000-0000-0000-0000-000000000000')
        ORDER BY resident_id LIMIT :most
    ), became AS (
        SELECT p.resident_id, o.channel, o.sent_at,
            CASE
                WHEN o.state = 'sent' THEN 'sent'
                WHEN o.state IN ('pending', 'sending') THEN 'queued'
                WHEN o.state IN ('waiting', 'held') THEN 'waiting'
                WHEN o.state = 'suppressed' AND o.reason IN ('withdrawn', 'discarded') THEN 'suppressed'
                ELSE 'failed'
            END AS state,
            CASE
                WHEN o.state IN ('sent', 'pending', 'sending') THEN NULL
                WHEN o.state = 'expired' THEN 'expired'
                ELSE left(coalesce(o.reason, o.state), 40)
            END AS reason
        FROM open AS p JOIN (
            SELECT id, channel, sent_at, reason,
                CASE WHEN state = 'held' AND :over THEN 'expired' ELSE state END AS state
            FROM outbox_messages
        ) AS o ON o.id = p.outbox_id
    ), moved AS (
        UPDATE notice_recipients AS r
        SET state = b.state, reason = b.reason, channel = b.channel, sent_at = b.sent_at
        FROM became AS b
        WHERE r.notice_id = :notice_id AND r.resident_id = b.resident_id
            AND (r.state, r.reason) IS DISTINCT FROM (b.state, b.reason)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM open) AS looked_at, (SELECT count(*) FROM moved) AS moved,
        (SELECT resident_id FROM open ORDER BY resident_id DESC LIMIT 1) AS last
    """
)


async def find_followed(session: AsyncSession, at: datetime, most: int) -> Sequence[UUID]:
    """Notices of which something is open, or that come to their end; first those not looked at for the longest time."""
    looked_at = exists().where(
        NoticeRecipient.notice_id == NoticeSending.notice_id, NoticeRecipient.state.in_(_LOOKED_AT)
    )
    wanted = (
        select(NoticeSending.notice_id)
        .join(Notice, Notice.id == NoticeSending.notice_id)
        .where(
            NoticeSending.over_at.is_(None),
            or_(Notice.state.in_(_ENDING), Notice.valid_until <= at, looked_at),
        )
        .order_by(NoticeSending.followed_at.nulls_first(), NoticeSending.started_at)
    )
    return (await session.scalars(wanted.limit(most))).all()


async def follow_notice(session: AsyncSession, at: datetime, notice_id: UUID, most: int = AT_ONCE) -> int:
    """Look at the next open recipients of a notice and note what became of them; how many, 0 at the end of a round.

    At the end of a round a notice of which nothing is queued and for which nobody waits any more is sent; one that is
    not valid any more, or was cancelled, is over. A message that is still held then did not reach anybody.
    """
    locked = await lock_sending(session, notice_id)
    if locked is None:
        return 0
    notice, sending = locked
    sending.followed_at = at
    over = notice.valid_until <= at
    values = {"notice_id": notice.id, "after": sending.followed, "most": most, "over": over}
    found = (await session.execute(_FOLLOW, values)).one()
    sending.followed = found.last if found.looked_at == most else None
    if sending.followed is None:
        await _close_round(session, notice, sending, at)
    if found.moved:
        await wake_consoles(session, notice)
    return most if sending.followed else 0


async def _close_round(session: AsyncSession, notice: Notice, sending: NoticeSending, at: datetime) -> None:
    under_way = await session.scalar(
        select(exists().where(NoticeRecipient.notice_id == notice.id, NoticeRecipient.state.in_(_OPEN)))
    )
    over = notice.valid_until <= at
    if notice.state is NoticeState.SENDING and (over or (sending.expanded_at and not under_way)):
        await session.refresh(notice, with_for_update=True)  # somebody may be calling it off at this moment
    if notice.state is NoticeState.SENDING and (over or (sending.expanded_at and not under_way)):
        step(session, notice, NoticeAct.SENT)
        await wake_consoles(session, notice)
    if under_way:
        return
    cancelled = notice.state is NoticeState.CANCELLED
    if over or (cancelled and not await has_reminders_left(session, notice.id)):
        sending.over_at = at
