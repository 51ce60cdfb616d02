"""Listening for a bot, in one process at a time: asking for updates and storing them, or keeping the webhook named.

An update is stored and the place moved on in one transaction, and the platform hears of it with the next question: a
process that is killed anywhere loses nothing, and what the platform tells twice is stored once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from channels.telegram.bot import Bot, bot_id_of, seconds_of
from channels.telegram.checking import connect
from channels.telegram.leases import LEASE, Held, NoLongerListening, hold, let_go, move_on
from channels.telegram.reading import Unreadable, number_of
from linli.database import Sessions
from linli.settings import Settings

log = structlog.get_logger()
AWAY = (OperationalError, InterfaceError, PoolTimeoutError, OSError)
LOOK_SECONDS = 1.0
KEEP_SECONDS = LEASE.total_seconds() / 3
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)
OPERATOR_PAUSE = 30.0
TRIES = 3
WEBHOOK_IS_SET = "webhook"

Storing = Callable[[AsyncSession], Awaitable[None]]
TakeIn = Callable[[object, Storing | None], Awaitable[None]]
"""Takes an update in; what it is given besides happens in the same transaction."""


class Listening:
    """Runs until it is cancelled; `take_in` stores one update."""

    def __init__(
        self, settings: Settings, sessions: Sessions, bot: Bot, take_in: TakeIn, *, owner: str
    ) -> None:
        self._settings, self._sessions, self._bot, self._take_in = settings, sessions, bot, take_in
        self._bot_id, self._owner = bot_id_of(settings), owner
        self._failures, self._broken = 0, 0
        self._named, self._told = False, -1

    async def run(self) -> None:
        """Listen whenever no other process does."""
        try:
            while True:
                pause = await self._step()
                await asyncio.sleep(pause)
        finally:
            await self._let_go()

    async def _step(self) -> float:
        """One question or one look; gives how many seconds to wait after it."""
        try:
            async with self._sessions.begin() as session:
                held = await hold(session, self._bot_id, self._owner)
            if held is None:
                self._named = False
                return LOOK_SECONDS
            pause = await (self._poll(held) if self._polls else self._keep_webhook())
        except NoLongerListening:
            return LOOK_SECONDS
        except AWAY as error:
            log.warning("telegram_listening_put_off", error=type(error).__name__)
            return LOOK_SECONDS
        except Exception as error:  # noqa: BLE001 - what the platform answers must not end the listening
            return await self._after(error)
        self._failures = 0
        return pause

    @property
    def _polls(self) -> bool:
        return self._settings.telegram_mode == "polling"

    async def _poll(self, held: Held) -> float:
        """The place is told to the platform once: without it comes what is not confirmed, whatever its number."""
        place = held.next_update if held.next_update != self._told else None
        found = await self._bot.ask_for_updates(place)
        self._told = place or self._told
        for value in found:
            await self._store(value)
        return 0.0

    async def _store(self, value: object) -> None:
        """Store one update; one that breaks three times is left out, so that it stops none of the others."""
        try:
            number = number_of(value)
        except Unreadable:
            log.warning("telegram_update_without_number")
            return

        async def go_on(session: AsyncSession) -> None:
            await move_on(session, self._bot_id, self._owner, number + 1)

        try:
            await self._take_in(value, go_on)
        except (NoLongerListening, *AWAY):
            raise
        except Exception:
            self._broken += 1
            if self._broken < TRIES:
                raise
            log.exception("telegram_update_given_up", update=number)
            async with self._sessions.begin() as session:
                await go_on(session)
        self._broken = 0

    async def _keep_webhook(self) -> float:
        """Name our door once when we begin, then only keep the lease."""
        if not self._named:
            await connect(self._bot, self._settings)
            self._named = True
            log.info("telegram_webhook_named")
        return KEEP_SECONDS

    async def _after(self, error: Exception) -> float:
        """What to do about an error, and how long to wait: the platform's own time where it named one."""
        self._failures += 1
        log.warning("telegram_not_heard", error=type(error).__name__, times=self._failures)
        if isinstance(error, RetryAfter):
            return seconds_of(error)
        if isinstance(error, InvalidToken):
            return OPERATOR_PAUSE
        if isinstance(error, Conflict) and self._polls and WEBHOOK_IS_SET in error.message.casefold():
            return await self._take_webhook_away()
        return PAUSES[min(self._failures, len(PAUSES)) - 1]

    async def _take_webhook_away(self) -> float:
        """The settings say that we ask; whoever set a webhook before does so no more. What waits there stays."""
        try:
            await connect(self._bot, self._settings)
        except TelegramError as error:
            log.warning("telegram_webhook_stays", error=type(error).__name__)
            return PAUSES[-1]
        log.info("telegram_webhook_taken_away")
        return 0.0

    async def _let_go(self) -> None:
        try:
            async with self._sessions.begin() as session:
                await let_go(session, self._bot_id, self._owner)
        except AWAY as error:
            log.warning("telegram_lease_left", error=type(error).__name__)
