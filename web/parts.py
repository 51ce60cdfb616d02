"""What the app holds while it runs: settings, sessions, line to Rasa, turns, bells, counts; routes ask for `Held`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated
from uuid import uuid4

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import HTTPConnection

from channels.bot_client import BotClient
from channels.delivery import Delivery
from channels.media import MediaKeeper
from channels.registry import make_channels
from channels.telegram.service import TelegramService
from channels.turns import TurnRunner
from channels.wechat.service import WeChatService
from linli.database import Sessions, make_engine, make_sessions, one_by_one
from linli.disk import Disk
from linli.settings import Settings
from web.bells import Bells
from web.identity import Identity
from web.staff.counts import Counts


@dataclass(frozen=True, slots=True)
class Parts:
    """Made once a process by `make_parts`; nothing in it connects before `running`.

    Each statement of `statements` is a transaction of its own.
    """

    settings: Settings
    engine: AsyncEngine
    sessions: Sessions
    statements: Sessions
    disk: Disk
    identity: Identity
    bells: Bells
    bot: BotClient
    turns: TurnRunner
    telegram: TelegramService | None = None
    wechat: WeChatService | None = None
    counts: Counts = field(default_factory=Counts)


def make_parts(settings: Settings) -> Parts:
    """Everything the app needs, from its settings."""
    engine = make_engine(settings.database_url, pool=settings.database_pool)
    sessions = make_sessions(engine)
    statements = one_by_one(sessions)
    bot = BotClient(settings.bot_address, timeout=settings.bot_timeout)
    hold_after = timedelta(hours=settings.outbox_hold_hours)
    delivery = Delivery(sessions, make_channels(settings, sessions), hold_after=hold_after)
    process = uuid4().hex
    bells = Bells(settings.database_url, process)
    media = MediaKeeper(sessions, settings.files_dir)
    turns = TurnRunner(sessions, bot, delivery, process=process, shown=bells.hand, media=media)
    return Parts(
        settings=settings,
        engine=engine,
        sessions=sessions,
        statements=statements,
        disk=Disk(statements),
        identity=Identity(settings),
        bells=bells,
        bot=bot,
        turns=turns,
        telegram=TelegramService(settings, sessions, bot, turns.wake) if settings.telegram_is_on else None,
        wechat=WeChatService(settings, sessions, turns) if settings.wechat_is_on else None,
    )


@asynccontextmanager
async def running(parts: Parts) -> AsyncIterator[None]:
    """Listen and take turns while inside; let go of every connection at the end."""
    parts.bells.start()
    parts.turns.start()
    if parts.telegram:
        parts.telegram.start()
    try:
        yield
    finally:
        if parts.telegram:
            await parts.telegram.stop()
        if parts.wechat:
            await parts.wechat.stop()
        await parts.turns.stop()
        await parts.bells.stop()
        await parts.bot.close()
        await parts.engine.dispose()


async def held(connection: HTTPConnection) -> Parts:
    """The parts of the app that serves this request or websocket. Async, or FastAPI would ask a thread for it."""
    parts: Parts = connection.app.state.parts
    return parts


Held = Annotated[Parts, Depends(held)]
