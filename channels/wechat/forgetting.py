"""What WeChat's passive replies leave behind is deleted after a day; the outbox keeps what was said."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from channels.wechat.models import WeChatAnswer, WeChatUpload
from community.base import count_changed

KEPT = timedelta(days=1)


async def forget_old_replies(session: AsyncSession, at: datetime) -> int:
    """Delete replies that nobody repeats any more, and uploads that the platform has forgotten; returns how many."""
    replies = await session.execute(delete(WeChatAnswer).where(WeChatAnswer.created_at < at - KEPT))
    uploads = await session.execute(delete(WeChatUpload).where(WeChatUpload.until < at))
    return count_changed(replies) + count_changed(uploads)
