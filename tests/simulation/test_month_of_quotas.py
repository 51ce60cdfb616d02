"""A month of notices against the platforms' stand-ins: windows, budgets, a spent day, too many requests, blocked.

Every day has its notices; people write daily, rarely or never, and block us. Afterwards each phone is counted: whoever
has the row "sent" saw the notice once, nobody else saw it, and of each other row the reason is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import time_machine
from pydantic import SecretStr
from sqlalchemy import select, update

from channels.contract import Grant, Incoming
from channels.receiving import receive
from channels.registry import make_channels
from community.inbox.models import InboundMessage, InboundState
from community.notices.models import NoticeRecipient, RecipientState
from community.outbox.models import OutboxMessage, OutboxState
from community.quiet import is_quiet
from linli.database import Sessions
from linli.settings import Settings
from operations.platforms.telegram import TOKEN
from operations.platforms.telegram import make_app as make_telegram
from operations.platforms.telegram.people import meet
from operations.platforms.telegram.state import State
from operations.platforms.wechat.account import AFTER_MESSAGE, Account
from scheduler.jobs.deliver import deliver
from scheduler.jobs.notices import notices
from scheduler.tools import Tools, make_tools
from tests.cast import Cast
from tests.channels.telegram.conftest import Platform
from tests.channels.wechat.stand_in import platform_on_loopback
from tests.community.notices.sent import TEN, approve

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DAYS = 30
TICKS = (timedelta(0), 4 * HOUR, 9 * HOUR, 14.5 * HOUR)
"""When the worker runs: 10:00, 14:00, 19:00, and half past midnight, when platforms count anew."""
VALID = 3 * DAY
DAILY, RARE, SILENT, GONE = ("daily-1", "daily-2"), ("rare-1", "rare-2"), ("silent-1",), ("gone-1",)
STEADY, BLOCKS = 501, 502
FOUR_AT_ONCE, CLOCKS_DIFFER, QUOTA_SPENT, TOO_FAST = 4, 8, 12, 16


@dataclass
class Month:
    """The two platforms, Linli's worker, and the titles of the notices that went out, by their ids."""

    sessions: Sessions
    cast: Cast
    account: Account
    telegram: State
    tools: Tools
    titles: dict[UUID, str] = field(default_factory=dict)
    residents: dict[str, UUID] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)

    async def run(self) -> None:
        for day in range(DAYS):
            await self._live(day, TEN + day * DAY)
        for day in range(DAYS, DAYS + 5):  # nobody says anything any more
            with time_machine.travel(TEN + day * DAY, tick=False):
                await self._work(TEN + day * DAY)

    async def _live(self, day: int, morning: datetime) -> None:
        with time_machine.travel(morning, tick=False):
            await self._meet(day)
            self._upset(day)
            for number in range(4 if day == FOUR_AT_ONCE else 1):
                title = f"第{day}天第{number}条。"
                found = await approve(
                    self.sessions,
                    self.cast.here,
                    morning,
                    category="charity",
                    title_zh=title,
                    valid_until=morning + VALID,
                    need_receipt=False,
                )
                self.titles[found] = title
        for after in TICKS:
            with time_machine.travel(morning + after, tick=False):
                await self._work(morning + after)

    async def _work(self, at: datetime) -> None:
        """Twice where there is work: what is queued goes out, and what became of it is noted. What waits is counted."""
        for _ in range(2):
            if not await notices(self.tools, at) + await deliver(self.tools, at):
                break
        async with self.sessions() as session:
            reasons = await session.scalars(
                select(OutboxMessage.reason).where(
                    OutboxMessage.state.in_((OutboxState.WAITING, OutboxState.SUPPRESSED))
                )
            )
            self.reasons |= Counter(reason for reason in set(reasons) if reason)

    async def _meet(self, day: int) -> None:
        """Who says something on this day; everybody does on the first."""
        first = day == 0
        for name in (*DAILY, *(RARE if first or day % 10 == 9 else ()), *((*SILENT, *GONE) if first else ())):
            await self._say("wechat", name, day)
        for person in (STEADY, BLOCKS) if first else (STEADY,) if day % 7 == 0 else ():
            await self._say("telegram", str(person), day)

    async def _say(self, channel: str, who: str, day: int) -> None:
        grant = None
        if channel == "wechat":
            person = self.account.person(who)
            person.follows = True
            person.grant(AFTER_MESSAGE)
            grant = Grant(*AFTER_MESSAGE)
        said = Incoming(channel, who, f"{who}:{day}", "您好", grant=grant)
        async with self.sessions.begin() as session:
            arrived = await receive(session, said, scene=self.cast.here.community.code)
            await session.execute(update(InboundMessage).values(state=InboundState.HANDLED))
            self.residents[who] = arrived.known.resident_id

    def _upset(self, day: int) -> None:
        """What the platforms do of their own accord."""
        self.account.day_quota = 1 if day == QUOTA_SPENT else 100_000
        if day == 5:
            self.account.person(GONE[0]).follows = False
            self.telegram.people[BLOCKS].blocked = True
        if day == CLOCKS_DIFFER:
            self.account.person(DAILY[0]).left = 0
            self.account.person(DAILY[1]).until = TEN + day * DAY - HOUR
        if day == TOO_FAST:
            self.telegram.pace.close(1.0)


@asynccontextmanager
async def month(sessions: Sessions, cast: Cast, database_url: str, folder: Path) -> AsyncIterator[Month]:
    telegram = Platform(make_telegram())
    await telegram.start()
    for person in (STEADY, BLOCKS):
        meet(telegram.state, person).started = True
    async with platform_on_loopback() as wechat:
        settings = Settings(
            _env_file=None,
            database_url=database_url,
            data_dir=folder,
            telegram_token=SecretStr(TOKEN),
            telegram_api_base=telegram.url,
            **wechat.settings(),
        )
        assert {"web", "wechat", "telegram"} == set(make_channels(settings, sessions))
        tools = make_tools(settings, sessions)
        yield Month(sessions, cast, wechat.account, telegram.state, tools)
        await tools.delivery.close()
    await telegram.stop()


def heard(month: Month, who: str) -> Sequence[str]:
    """The words on somebody's phone."""
    if who.isdigit():
        said = month.telegram.chats[int(who)]
        return [str(each.get("text", "")) for each in said if each.get("from", {}).get("is_bot")]
    return month.account.person(who).heard()


async def test_a_month_of_notices(sessions: Sessions, cast: Cast, database_url: str, tmp_path: Path) -> None:
    async with month(sessions, cast, database_url, tmp_path) as lived:
        await lived.run()
        async with sessions() as session:
            rows = (await session.scalars(select(NoticeRecipient))).all()
        became = {(row.notice_id, row.resident_id): row for row in rows}
        for who, resident_id in lived.residents.items():
            words = heard(lived, who)
            for notice_id, title in lived.titles.items():
                row = became[notice_id, resident_id]
                seen = sum(title in each for each in words)
                assert seen == (row.state is RecipientState.SENT), (
                    who,
                    title,
                    row.state,
                    row.reason,
                    words[-3:],
                )
                assert row.state is RecipientState.SENT or row.reason, (who, title, row.state)
        assert {"window_over", "budget_spent"} <= set(lived.reasons)
        ends = Counter((row.state, row.reason) for row in rows)
        assert not [end for end in ends if end[0] in (RecipientState.QUEUED, RecipientState.WAITING)], ends
        sent = Counter(
            who
            for who, resident_id in lived.residents.items()
            for row in rows
            if row.resident_id == resident_id and row.state is RecipientState.SENT
        )
        phones = [lived.account.person(who) for who in (*DAILY, *RARE, *SILENT, *GONE)]
        assert not [
            shown for phone in phones for shown in phone.thread if is_quiet(shown.at, "Asia/Shanghai")
        ]
        everything = len(lived.titles)
        assert sent[DAILY[0]] == sent[DAILY[1]] == everything
        assert sent[str(STEADY)] == everything
        assert 0 < sent[SILENT[0]] < sent[RARE[0]] < everything
        assert sent[GONE[0]] < everything
        assert 5 <= sent[str(BLOCKS)] <= 8  # what came before the block
