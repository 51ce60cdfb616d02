"""The access token: one row that all processes share, fetched by one of them at a time, never with the row locked.

[source] developers.weixin.qq.com, 公众号: 获取稳定版接口调用凭据. A call for a token ends no other one before its
time; it may be forced 20 times a day, 30 seconds apart.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert

from channels.wechat.calling import Away, CallFailed, Refused
from channels.wechat.models import WeChatToken
from community.clock import now
from linli.database import Sessions

MARGIN = timedelta(minutes=5)
LEASE = timedelta(seconds=12)  # longer than a call may take
PATIENCE_SECONDS = 14.0
LOOK_SECONDS = 0.1
FORCED_A_DAY, FORCED_APART = 20, timedelta(seconds=30)
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Token:
    """A token, which of those that we have had it is, and when it ends."""

    value: str
    version: int
    expires_at: datetime

    @property
    def good(self) -> bool:
        """Whether it lasts a while yet."""
        return bool(self.value) and self.expires_at - MARGIN > now()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the platform gives: a token, and for how long."""

    value: str
    lasts: timedelta


Fetch = Callable[[bool], Awaitable[Fetched]]
"""Asks the platform; True forces a new one. Raises CallFailed."""


class Tokens:
    """The token of one account in this process."""

    def __init__(self, sessions: Sessions, app_id: str, fetch: Fetch) -> None:
        self._sessions, self._app_id, self._fetch = sessions, app_id, fetch
        self._token: Token | None = None
        self._one_at_a_time = asyncio.Lock()

    async def get(self) -> Token:
        """A good token. Raises CallFailed."""
        if self._token is not None and self._token.good:
            return self._token
        async with self._one_at_a_time:
            self._token = await self._get_shared(None)
        return self._token

    async def prove(self) -> None:
        """Ask the platform itself whether the account is known, whatever token we hold. Raises CallFailed.

        A call that forces nothing gives the token that holds already, so nobody else's ends.
        """
        await self._fetch(False)

    async def renew(self, refused: Token) -> Token:
        """Another token than the one that the platform refused. Raises CallFailed."""
        async with self._one_at_a_time:
            if self._token is None or self._token.version == refused.version:
                self._token = await self._get_shared(refused)
            return self._token

    async def tell_trouble(self, code: int | None) -> None:
        """Keep the code of an error that an operator must see, or None when a call went well again."""
        trouble = None if code is None else str(code)
        async with self._sessions.begin() as session:
            row = await session.get(WeChatToken, self._app_id)
            if row is not None and row.trouble != trouble:
                row.trouble, row.trouble_at = trouble, now() if trouble else None

    async def find_trouble(self) -> int | None:
        """The code of the last error that an operator must see."""
        async with self._sessions() as session:
            code = await session.scalar(select(WeChatToken.trouble).where(WeChatToken.app_id == self._app_id))
        return int(code) if code else None

    async def _get_shared(self, refused: Token | None) -> Token:
        """What another process has fetched, or fetch it; whoever fetches is waited for as long as a call may take."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            held = await self._read()
            if held.good and (refused is None or held.version > refused.version):
                return held
            if await self._claim(held.version):
                return await self._fetch_for_all(held, refused)
            await asyncio.sleep(LOOK_SECONDS)
        raise Away("token")

    async def _read(self) -> Token:
        async with self._sessions.begin() as session:
            row = await session.get(WeChatToken, self._app_id)
            if row is None:
                made = insert(WeChatToken).values(app_id=self._app_id, token="")
                await session.execute(made.on_conflict_do_nothing())
                return Token("", 0, now())
            return Token(row.token, row.version, row.expires_at or now())

    async def _claim(self, version: int) -> bool:
        """Be the one that fetches the token after this version; a process that dies meanwhile loses it by itself."""
        moment = now()
        free = or_(WeChatToken.fetching_until.is_(None), WeChatToken.fetching_until < moment)
        claim = (
            update(WeChatToken)
            .where(WeChatToken.app_id == self._app_id, WeChatToken.version == version, free)
            .values(fetching_until=moment + LEASE)
            .returning(WeChatToken.version)
        )
        async with self._sessions.begin() as session:
            return await session.scalar(claim) is not None

    async def _fetch_for_all(self, held: Token, refused: Token | None) -> Token:
        try:
            fetched = await self._fetch(False)
            if refused is not None and fetched.value == refused.value:
                await self._count_forced()
                fetched = await self._fetch(True)
        except CallFailed:
            await self._write(fetching_until=None)
            raise
        token = Token(fetched.value, held.version + 1, now() + fetched.lasts)
        await self._write(
            token=token.value, version=token.version, expires_at=token.expires_at, fetching_until=None
        )
        return token

    async def _count_forced(self) -> None:
        """Count a forced one, or raise Refused where the platform would refuse it."""
        moment, today = now(), now().astimezone(ZONE).date()
        async with self._sessions.begin() as session:
            row = await session.get_one(WeChatToken, self._app_id)
            forced = row.forced if row.forced_on == today else 0
            if forced >= FORCED_A_DAY or (row.forced_at and row.forced_at + FORCED_APART > moment):
                raise Refused(40001)
            row.forced, row.forced_on, row.forced_at = forced + 1, today, moment

    async def _write(self, **values: object) -> None:
        async with self._sessions.begin() as session:
            row = await session.get_one(WeChatToken, self._app_id)
            for name, value in values.items():
                setattr(row, name, value)
