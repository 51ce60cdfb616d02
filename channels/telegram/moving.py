"""A group that has grown into a supergroup has another number: what Linli knows of it goes there. Twice is once."""

from __future__ import annotations

from sqlalchemy import delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from channels.telegram.models import TelegramGroup, TelegramGroupQuestion


async def move_group(session: AsyncSession, old_id: int, new_id: int) -> None:
    """Its community, unless it has said another one there already, and the questions that wait for an answer."""
    known = select(literal(new_id, TelegramGroup.chat_id.type), TelegramGroup.community_id).where(
        TelegramGroup.chat_id == old_id
    )
    there = insert(TelegramGroup).from_select(["chat_id", "community_id"], known)
    await session.execute(there.on_conflict_do_nothing())
    await session.execute(delete(TelegramGroup).where(TelegramGroup.chat_id == old_id))
    await session.execute(
        update(TelegramGroupQuestion)
        .where(TelegramGroupQuestion.chat_id == old_id, TelegramGroupQuestion.answered_at.is_(None))
        .values(chat_id=new_id)
        .execution_options(synchronize_session=False)
    )
