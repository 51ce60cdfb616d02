"""Receipts: a resident confirms a notice in a chat or on a page, or staff tell it at the door and enter the tick."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from community.base import count_changed
from community.clock import now
from community.notices.models import ConfirmedBy, NoticeRecipient
from community.notices.sending.withdrawing import withdraw_reminders_to


async def confirm_receipt(
    session: AsyncSession, resident_id: UUID, notice_id: UUID, *, at: datetime | None = None
) -> bool:
    """The resident has read the notice. True where this is new: said twice is said once.

    A reminder that waits is not sent any more. False as well for whom the notice was not sent to: their words are an
    answer like any other.
    """
    row = (NoticeRecipient.notice_id == notice_id, NoticeRecipient.resident_id == resident_id)
    changed = await session.execute(
        update(NoticeRecipient)
        .where(*row, NoticeRecipient.confirmed_at.is_(None))
        .values(confirmed_at=at or now(), confirmed_by=ConfirmedBy.RESIDENT)
    )
    if not count_changed(changed):
        return False
    await withdraw_reminders_to(session, notice_id, resident_id)
    return True
