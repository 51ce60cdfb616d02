"""A push from its bytes to its answer: checked, stored and committed, then answered within the platform's five seconds.

Before: web/channel_doors/wechat.py. After: channels/turns.py takes the person's turn, and channels/wechat/channel.py
offers its answer to the request that waits here.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from channels.turns import TurnRunner
from channels.wechat.api import WeChatApi
from channels.wechat.calling import CallFailed
from channels.wechat.desk import Desk, Query
from channels.wechat.happened import CHANNEL
from channels.wechat.pages import WeChatPages
from channels.wechat.parsing import Push, WrongShape
from channels.wechat.passive import OPEN, Gone, Opened, PassiveReplies, until_from
from channels.wechat.reading import read_push
from channels.wechat.replying import NOTHING
from channels.wechat.taking import is_one_statement, take
from community.clock import now
from community.residents.usecases import find_person
from linli.database import Sessions, one_by_one
from linli.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer; `answers` is the message to call done when it is written."""

    body: str = NOTHING
    answers: int | None = None


class WeChatService:
    """WeChat's door of this process."""

    def __init__(self, settings: Settings, sessions: Sessions, turns: TurnRunner) -> None:
        self.desk = Desk(settings)
        self._sessions, self._statements, self._turns = sessions, one_by_one(sessions), turns
        self._most_a_minute = settings.messages_per_minute
        self._replies = PassiveReplies(sessions, settings.database_url)
        self._pages, self._api = WeChatPages(settings), WeChatApi(settings, sessions)

    async def take(self, query: Query, content: bytes, arrived: float, is_gone: Gone) -> Answer:
        """What a checked request is answered with; it came at `arrived` of time.monotonic(). Raises Forged.

        A shape that is not read is answered, so that it does not come again, and logged without what is in it.
        """
        try:
            push = self.desk.read(query, content)
        except WrongShape as error:
            log.warning("wechat_not_read", reason=str(error), size=len(content))
            return Answer()
        opened = await self._store(push, arrived)
        words = await self._replies.wait(opened, is_gone) if opened else None
        if opened is None or words is None:
            return Answer()
        return Answer(self.desk.write(push, words), opened.inbound_id)

    async def find_page(self, code: str, path: str) -> str | None:
        """Where somebody goes on who opened `path` in WeChat: the platform says by its code who they are; None where
        it does not, or nobody is known there."""
        try:
            openid = await self._api.find_openid(code)
        except CallFailed as failed:
            log.warning("wechat_page_not_opened", reason=str(failed))
            return None
        async with self._sessions() as session:
            known = await find_person(session, CHANNEL, openid)
        return self._pages.enter(known.resident_id, path) if known else None

    async def done(self, inbound_id: int) -> None:
        """The answer to this message was written; where that cannot be noted, its sender counts it as uncertain."""
        try:
            await self._replies.done(inbound_id)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("wechat_reply_not_noted", error=type(error).__name__)

    async def stop(self) -> None:
        """Let go of the connections."""
        await self._replies.close()
        await self._api.close()

    async def _store(self, push: Push, arrived: float) -> Opened | None:
        """Store what the push means and open it for an answer; then wake the person's queue.

        Plain words are one statement, which needs no transaction. Where so many wait for their turn that an answer
        would come too late, no request is kept open for it: it comes by message. A repeat still asks for its own.
        """
        happened = read_push(push)
        sessions = self._statements if is_one_statement(happened) else self._sessions
        async with sessions.begin() as session:
            taken = await take(session, happened, most_a_minute=self._most_a_minute)
            opened = None
            if taken and (taken.repeated or not self._turns.crowded):
                opened = await self._open(session, taken.inbound_id, arrived)
        if taken:
            self._turns.wake(taken.wake)
        return opened

    async def _open(self, session: AsyncSession, inbound_id: int, arrived: float) -> Opened | None:
        """None where there is nothing to wait for."""
        moment = now()
        values = {"id": inbound_id, "until": until_from(arrived), "now": moment}
        row = (await session.execute(OPEN, values)).one()
        waits = row.open_until > moment and not row.with_staff
        offered = row.outbox_id is not None
        return Opened(inbound_id, row.open_until, offered) if waits or offered else None
