"""Telegram in a running app: updates come in (by the door or by asking), queues are woken, taps and groups answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from uuid import UUID, uuid4

import structlog
from telegram.error import BadRequest, TelegramError

from channels.bot_client import BotClient
from channels.telegram.bot import Bot, ask_who_we_are, bot_id_of, make_bot
from channels.telegram.groups import Groups
from channels.telegram.keyboards import draw
from channels.telegram.listening import Listening, Storing
from channels.telegram.reading import Me, Unreadable, read_update
from channels.telegram.taking import Taken, TapAnswer, take
from linli.database import Sessions
from linli.settings import Settings

log = structlog.get_logger()
ASK_AGAIN_SECONDS, SELDOM_SECONDS = 1.0, 60.0
LONGEST_ANSWER = 200
TELLING_AT_ONCE = 10

Wake = Callable[[UUID], None]


class TelegramService:
    """What one app process does for Telegram besides sending. `start` in a running loop, `stop` at the end."""

    def __init__(self, settings: Settings, sessions: Sessions, brain: BotClient, wake: Wake) -> None:
        self._settings, self._sessions, self._wake = settings, sessions, wake
        self._bot: Bot = make_bot(settings)
        self._me = Me(bot_id_of(settings))
        self._groups = Groups(sessions, self._bot, brain)
        self._listening = Listening(settings, sessions, self._bot, self.take_in, owner=uuid4().hex)
        self._room = asyncio.Semaphore(TELLING_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Listen, and answer groups."""
        self._run(self._listening.run())
        self._run(self._know_ourselves())

    async def stop(self) -> None:
        """End at once; what was in work is taken up by the next process."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._bot.shut()

    async def take_in(self, value: object, besides: Storing | None = None) -> None:
        """Store one update, with `besides` in the same transaction; then wake its queue and answer its tap.

        What is no update is stored nowhere and is no error: the platform is not to bring it again.
        """
        try:
            happened = read_update(value, self._me)
        except Unreadable as error:
            log.warning("telegram_update_unreadable", reason=str(error))
            happened = None
        async with self._sessions.begin() as session:
            taken = Taken()
            if happened is not None:
                taken = await take(session, happened, most_a_minute=self._settings.messages_per_minute)
            if besides is not None:
                await besides(session)
        if taken.wake:
            self._wake(taken.wake)
        if taken.answer:
            self._run(self._answer_tap(taken.answer))
        if taken.group_waits:
            self._groups.wake()

    async def _know_ourselves(self) -> None:
        """Groups are answered by who knows its own name; the platform may be away when we start."""
        pause = ASK_AGAIN_SECONDS
        while not self._me.username:
            try:
                self._me = await ask_who_we_are(self._bot)
            except (TelegramError, KeyError, TypeError, AttributeError) as error:
                log.warning("telegram_name_unknown", error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, SELDOM_SECONDS)
        await self._groups.run(self._me)

    async def _answer_tap(self, answer: TapAnswer) -> None:
        """End the wheel that turns on the phone, and take the keyboard away, or what was tapped of it."""
        words, chat, message = answer.words[:LONGEST_ANSWER], int(answer.chat_id), answer.message_id
        async with self._room:
            await _quietly(
                self._bot.answer_callback_query(answer.query_id, words), "telegram_tap_not_answered"
            )
            if message is not None:
                left = self._bot.edit_message_reply_markup(chat, message, reply_markup=draw(answer.left))
                await _quietly(left, "telegram_keyboard_stays")

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _quietly(call: Awaitable[object], trouble: str) -> None:
    """What was tapped counts all the same; a second tap is told that the first one did."""
    try:
        await call
    except BadRequest:
        log.info(trouble, error="BadRequest")  # too old, or done before
    except Exception as error:  # noqa: BLE001 - whatever a platform's answer led the library to
        log.warning(trouble, error=type(error).__name__)
