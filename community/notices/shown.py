"""Which notices "收到" is about: those shown since the person spoke last, and those that wait for a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from community.inbox.models import InboundMessage
from community.notices.models import Notice, NoticeRecipient, RecipientState
from community.notices.reading import Reader, find_readable, is_valid, newest_first
from community.outbox.models import OutboxMessage, OutboxState

MOST_LOOKED_AT = 12
MOST_AWAITED = 3
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NOTICE_MESSAGES = frozenset({"notice", "notice_reminder", "notice_digest", "notice_when"})
"""The messages that show notices; what else is said last is what a person then answers."""


async def find_shown(session: AsyncSession, resident_id: UUID, message_id: int) -> Sequence[UUID]:
    """The notices that were the last thing shown before this message of the person, newest first."""
    shown: list[UUID] = []
    for row in await _told_before(session, resident_id, message_id):
        if row.message not in NOTICE_MESSAGES:
            break
        named = row.values.get("notice")
        shown += [UUID(named)] if named else await _carried_by(session, resident_id, row.id)
    return list(dict.fromkeys(shown))


async def find_awaited(session: AsyncSession, reader: Reader, at: datetime) -> Sequence[Notice]:
    """The notices that wait for the person's receipt, newest first."""
    waiting = select(NoticeRecipient.notice_id).where(
        NoticeRecipient.resident_id == reader.resident_id,
        NoticeRecipient.state.in_((RecipientState.QUEUED, RecipientState.SENT)),
        NoticeRecipient.confirmed_at.is_(None),
    )
    wanted = find_readable(reader, at).where(is_valid(at), Notice.need_receipt, Notice.id.in_(waiting))
    return (await session.scalars(wanted.order_by(*newest_first()).limit(MOST_AWAITED))).all()


async def _told_before(session: AsyncSession, resident_id: UUID, message_id: int) -> Sequence[OutboxMessage]:
    """What the person was told between their message before this one and this one, newest first."""
    before = (
        select(func.max(InboundMessage.received_at))
        .where(InboundMessage.resident_id == resident_id, InboundMessage.id < message_id)
        .scalar_subquery()
    )
    told_at = func.coalesce(OutboxMessage.sent_at, OutboxMessage.created_at)
    wanted = (
        select(OutboxMessage)
        .where(
            OutboxMessage.resident_id == resident_id,
            OutboxMessage.state.in_((OutboxState.SENT, OutboxState.SENDING)),
            told_at >= func.coalesce(before, literal(LONG_AGO)),
        )
        .order_by(OutboxMessage.seq.desc())
        .limit(MOST_LOOKED_AT)
    )
    return (await session.scalars(wanted)).all()


async def _carried_by(session: AsyncSession, resident_id: UUID, outbox_id: UUID) -> Sequence[UUID]:
    """The notices that one message carried: one, or several that were put together."""
    wanted = select(NoticeRecipient.notice_id).where(
        NoticeRecipient.resident_id == resident_id, NoticeRecipient.outbox_id == outbox_id
    )
    return (await session.scalars(wanted)).all()
