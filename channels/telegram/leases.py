"""Who listens for a bot: one process at a time, by a row with an end, and how far it has got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from channels.telegram.models import TelegramListener
from community.clock import now

LEASE = timedelta(seconds=30)
"""Longer than one question for updates takes at most; a process that dies is followed after so long."""


OLD = timedelta(days=1)


class NoLongerListening(Exception):
    """Another process listens now: what was done here must not be kept."""


@dataclass(frozen=True, slots=True)
class Held:
    """The lease is ours; `next_update` is the first update that is not stored, None where nobody ever listened."""

    next_update: int | None


async def hold(session: AsyncSession, bot_id: int, owner: str) -> Held | None:
    """Take or keep the lease; None where somebody else has it."""
    moment = now()
    ours = insert(TelegramListener).values(bot_id=bot_id, owner=owner, until=moment + LEASE)
    kept = await session.execute(
        ours.on_conflict_do_update(
            index_elements=["bot_id"],
            set_={"owner": owner, "until": moment + LEASE, "next_update": _unless_old(moment)},
            where=or_(TelegramListener.owner == owner, TelegramListener.until < moment),
        ).returning(TelegramListener.next_update)
    )
    row = kept.first()
    return Held(row[0]) if row else None


def _unless_old(moment: datetime) -> ColumnElement[int | None]:
    """After a silent week Telegram may begin with a lower number, which an old place would pass over as confirmed.

    https://core.telegram.org/bots/api#update: what is stored already is known by its key, so nothing needs the place.
    """
    return case((TelegramListener.until < moment - OLD, None), else_=TelegramListener.next_update)


async def move_on(session: AsyncSession, bot_id: int, owner: str, next_update: int) -> None:
    """Everything before `next_update` is stored, in this transaction. Raises NoLongerListening."""
    moved = await session.scalar(
        update(TelegramListener)
        .where(TelegramListener.bot_id == bot_id, TelegramListener.owner == owner)
        .values(next_update=next_update, until=now() + LEASE)
        .returning(TelegramListener.bot_id)
    )
    if moved is None:
        raise NoLongerListening


async def let_go(session: AsyncSession, bot_id: int, owner: str) -> None:
    """The next process need not wait."""
    await session.execute(
        update(TelegramListener)
        .where(TelegramListener.bot_id == bot_id, TelegramListener.owner == owner)
        .values(until=now())
    )
