"""The web as a channel: sending is storing in the person's thread; browsers read on from the last number seen."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from channels.contract import Abilities, Answered, Outcome, Outgoing
from channels.errors import SendError
from channels.web.answering import answer_in_thread
from channels.web.thread import append_told
from community.clock import now
from community.inbox.usecases import TurnAnswer, Waiting
from linli.database import Sessions

log = structlog.get_logger()


class WebChannel:
    """Threads in the database; a repeat is recognised by the outbox id."""

    name = "web"
    abilities = Abilities(buttons=4, longest_text=5_000, idempotent=True)

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def send(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Store the batch in one transaction; all of it or nothing."""
        try:
            async with self._sessions.begin() as session:
                await self.show(session, batch)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("thread_not_written", error=type(error).__name__)
            return [Outcome(row.id, SendError.UNREACHABLE) for row in batch]
        return [Outcome(row.id) for row in batch]

    async def answer(self, session: AsyncSession, waiting: Waiting, answer: TurnAnswer) -> Answered:
        """Record the answer and show it in the thread."""
        return await answer_in_thread(session, waiting, answer)

    async def show(self, session: AsyncSession, batch: Sequence[Outgoing]) -> None:
        """Store the batch in this transaction."""
        await append_told(session, [row.id for row in batch], [row.address_id for row in batch], now())
