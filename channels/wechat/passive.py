"""The passive reply: an outbox row that goes back with the request that the platform keeps open for five seconds.

All that must survive a process is in `wechat_answers`. The door opens it with the message, the sender (a turn, in this
process or another) offers the words, the door takes them, writes them and says that it is done; a notification wakes
whoever waits. What no door took is given back, and goes as a customer-service message.

[source] developers.weixin.qq.com, 公众号: 接收普通消息 (five seconds, three tries, repeats known by MsgId).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, text

from channels.wechat.bells import Bell, Bells
from channels.wechat.models import WeChatAnswer
from community.clock import now
from linli.database import Sessions, one_by_one

OPEN_SECONDS = 4.5
WRITE_SECONDS = 1.0
REPEATED_SECONDS = 12.0
"""The platform pushes a second time 5 s, and a third time 10 s after the first."""
OPEN = text(
    """
    INSERT INTO wechat_answers AS w (inbound_id, open_until, created_at) VALUES (:id, :until, :now)
    ON CONFLICT (inbound_id) DO UPDATE
    SET open_until = CASE
        WHEN EXISTS (SELECT FROM inbound_messages WHERE id = :id AND state = 'waiting')
        THEN greatest(w.open_until, excluded.open_until) ELSE w.open_until END
    RETURNING w.open_until, w.outbox_id, (
        SELECT EXISTS (SELECT FROM handovers AS h WHERE h.resident_id = i.resident_id
                       AND h.taken_at IS NOT NULL AND h.ended_at IS NULL)
        FROM inbound_messages AS i WHERE i.id = :id
    ) AS with_staff
    """
)
Gone = Callable[[], Awaitable[bool]]
"""Whether the platform has hung up a request: what is written into it then reaches nobody."""
_OFFER = text(
    r"""
    UPDATE wechat_answers SET outbox_id = :outbox_id, answer = :words, offered_at = :now
    WHERE inbound_id = :id AND outbox_id IS NULL AND open_until > :now
    RETURNING open_until, pg_notify('linli_wechat', inbound_id || '\:offered')
    """
).bindparams(bindparam("words", type_=WeChatAnswer.answer.type))
_TAKE = text(
    "UPDATE wechat_answers SET taken_at = :now WHERE inbound_id = :id AND outbox_id IS NOT NULL RETURNING answer"
).columns(answer=WeChatAnswer.answer.type)
_DONE = text(
    r"""
    UPDATE wechat_answers SET done_at = coalesce(done_at, :now) WHERE inbound_id = :id AND taken_at IS NOT NULL
    RETURNING pg_notify('linli_wechat', inbound_id || '\:done')
    """
)
_GIVE_BACK = text(
    """
    UPDATE wechat_answers SET outbox_id = NULL, answer = NULL, offered_at = NULL, open_until = least(open_until, :now)
    WHERE inbound_id = :id AND outbox_id = :outbox_id AND taken_at IS NULL
    RETURNING inbound_id
    """
)
_STANDS = text(
    "SELECT taken_at, done_at FROM wechat_answers WHERE inbound_id = :id AND outbox_id = :outbox_id"
)


class Passed(Enum):
    """What became of an offer."""

    DONE = "done"
    NOT_TAKEN = "not_taken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Opened:
    """A message whose request waits for an answer until then; `offered` where it is there already, for a repeat."""

    inbound_id: int
    until: datetime
    offered: bool = False


class PassiveReplies:
    """The passive replies of this process: what its doors wait for, and what its turns offer."""

    def __init__(self, sessions: Sessions, database_url: str) -> None:
        self._statements = one_by_one(sessions)
        self._bells = Bells(database_url)

    async def wait(self, opened: Opened, is_gone: Gone) -> str | None:
        """The words for this message as soon as they are there, None where they come in another way.

        No connection is held meanwhile. Who gets words writes them and calls `done`; a repeat gets the same. A request
        that is gone takes none: they are for the repeat, or go as a message.
        """
        end = time.monotonic() + (opened.until - now()).total_seconds()
        with self._bells.hang(opened.inbound_id, "offered") as bell:
            if opened.offered:
                bell.ring()
            while (left := end - time.monotonic()) > 0:
                await bell.wait(left)
                if await is_gone():
                    return None
                if (words := await self._take(opened.inbound_id)) is not None:
                    return words
            late = opened.offered and not await is_gone()
            return await self._take(opened.inbound_id) if late else None

    async def done(self, inbound_id: int) -> None:
        """The words were written into the open request."""
        async with self._statements() as session:
            await session.execute(_DONE, {"id": inbound_id, "now": now()})

    async def offer(self, inbound_id: int, outbox_id: UUID, words: str) -> Passed:
        """Give the words of a row to the open request, and wait until they are written or given back."""
        values = {"id": inbound_id, "outbox_id": outbox_id, "words": words, "now": now()}
        with self._bells.hang(inbound_id, "done") as bell:
            async with self._statements() as session:
                offered = (await session.execute(_OFFER, values)).first()
            if offered is None:
                return await self._stands(inbound_id, outbox_id)
            left = (offered.open_until - now()).total_seconds() + WRITE_SECONDS
            if await self._wait_until_done(bell, left, inbound_id, outbox_id):
                return Passed.DONE
            if await self._give_back(inbound_id, outbox_id):
                return Passed.NOT_TAKEN
            # A door took the words and did not say that they are written. Where its process died, the platform pushes
            # again, and another door writes them.
            if await self._wait_until_done(bell, REPEATED_SECONDS, inbound_id, outbox_id):
                return Passed.DONE
            return Passed.UNKNOWN

    async def close(self) -> None:
        """Stop to listen."""
        await self._bells.close()

    async def _take(self, inbound_id: int) -> str | None:
        async with self._statements() as session:
            words: str | None = await session.scalar(_TAKE, {"id": inbound_id, "now": now()})
        return words

    async def _stands(self, inbound_id: int, outbox_id: UUID) -> Passed:
        """How an earlier offer of this row ended; where its sender died before a door took it, it is given back."""
        row = await self._read(inbound_id, outbox_id)
        if row is not None and row.done_at is not None:
            return Passed.DONE
        if row is not None and row.taken_at is None:
            await self._give_back(inbound_id, outbox_id)
        return Passed.NOT_TAKEN

    async def _give_back(self, inbound_id: int, outbox_id: UUID) -> bool:
        values = {"id": inbound_id, "outbox_id": outbox_id, "now": now()}
        async with self._statements() as session:
            return await session.scalar(_GIVE_BACK, values) is not None

    async def _wait_until_done(self, bell: Bell, seconds: float, inbound_id: int, outbox_id: UUID) -> bool:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            await bell.wait(left)
            row = await self._read(inbound_id, outbox_id)
            if row is not None and row.done_at is not None:
                return True
        return False

    async def _read(self, inbound_id: int, outbox_id: UUID) -> Row[*tuple[Any, ...]] | None:
        async with self._statements() as session:
            return (await session.execute(_STANDS, {"id": inbound_id, "outbox_id": outbox_id})).first()


def until_from(arrived: float) -> datetime:
    """Until when the request that arrived at this moment of time.monotonic() may wait."""
    return now() + timedelta(seconds=max(0.0, OPEN_SECONDS - (time.monotonic() - arrived)))
