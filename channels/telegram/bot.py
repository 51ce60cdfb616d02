"""The line to the Bot API: python-telegram-bot's bot with our timeouts, and what its errors mean to delivery.

No token is in a log: the library's own lines are kept quiet (linli/log.py), and an error is named by its kind alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from channels.contract import Outcome
from channels.errors import SendError
from channels.telegram.reading import Me
from linli.sealing import CannotOpen
from linli.settings import Settings

CONNECT_SECONDS, ANSWER_SECONDS, UPLOAD_SECONDS = 5.0, 10.0, 30.0
POLL_SECONDS = 10
CONNECTIONS = 40
UPDATES_AT_ONCE = 100
KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""What Telegram is to tell us of; see https://core.telegram.org/bots/api#update"""
os.environ.setdefault("PTB_TIMEDELTA", "true")  # times as the library's next version gives them
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_MEANINGS: Sequence[tuple[type[Exception], SendError]] = (
    (RetryAfter, SendError.RATE_LIMITED),
    (Forbidden, SendError.NOBODY_THERE),
    (InvalidToken, SendError.MISCONFIGURED),
    (Conflict, SendError.MISCONFIGURED),
    (
        FileNotFoundError,
        SendError.REFUSED,
    ),  # a file of ours that is gone: the row's words were sent before it
    (CannotOpen, SendError.REFUSED),
)
_NOBODY = ("chat not found", "user is deactivated", "peer_id_invalid", "bot can't initiate conversation")
_TOO_LONG = ("too long", "entity too large", "file is too big")


class QuietRequest(HTTPXRequest):
    """The library logs answers that it cannot read, and those may hold what people wrote."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer's object. Raises TelegramError."""
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError) as error:
            raise TelegramError("unreadable answer") from error
        if not isinstance(answer, dict):
            raise TelegramError("unreadable answer")
        return answer


class Bot(ExtBot[None]):
    """The bot of one deployment. Nothing connects before the first call; `shut` lets go of the connections."""

    def __init__(self, token: str, api_base: str, *, trust_env: bool = True) -> None:
        self._requests = [_request(CONNECTIONS, trust_env), _request(2, trust_env)]
        super().__init__(
            token,
            base_url=f"{api_base}/bot",
            base_file_url=f"{api_base}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )

    async def ask_for_updates(self, offset: int | None, wait: int = POLL_SECONDS) -> list[Any]:
        """Updates as they came, so that one of an unknown shape hides none of the others."""
        wanted = {
            "offset": offset,
            "timeout": wait,
            "limit": UPDATES_AT_ONCE,
            "allowed_updates": list(KINDS),
        }
        found = await self._post("getUpdates", wanted, read_timeout=wait + ANSWER_SECONDS)
        if not isinstance(found, list):
            raise TelegramError("unreadable answer")
        return found

    async def shut(self) -> None:
        """Let go of the connections."""
        for request in self._requests:
            await request.shutdown()


def make_bot(settings: Settings) -> Bot:
    """The bot of the settings; a proxy of the environment is used for what is not on this machine."""
    token = settings.telegram_token.get_secret_value()
    return Bot(token, settings.telegram_api_base, trust_env=settings.telegram_is_outside)


def bot_id_of(settings: Settings) -> int:
    """The bot's number, which its token begins with."""
    return int(settings.telegram_token.get_secret_value().partition(":")[0])


async def ask_who_we_are(bot: Bot) -> Me:
    """The bot's number and name. Raises TelegramError."""
    user = await bot.get_me()
    return Me(user.id, user.username or "")


def failed(outbox_id: Any, error: Exception) -> Outcome:  # noqa: ANN401
    """What became of a row whose sending raised this."""
    seconds = seconds_of(error) if isinstance(error, RetryAfter) else None
    return Outcome(outbox_id, meaning_of(error), retry_after=seconds)


def meaning_of(error: Exception) -> SendError:
    """What an error is in the closed list. To the library BadRequest is a NetworkError, so it is looked at first."""
    if plain := next((meaning for kind, meaning in _MEANINGS if isinstance(error, kind)), None):
        return plain
    if isinstance(error, BadRequest | ChatMigrated):
        return _refused(error)
    return _not_through(error) if isinstance(error, NetworkError) else SendError.LOST_ANSWER


def _refused(error: TelegramError) -> SendError:
    said = error.message.casefold()
    if any(words in said for words in _NOBODY):
        return SendError.NOBODY_THERE
    return SendError.TOO_LONG if any(words in said for words in _TOO_LONG) else SendError.REFUSED


def _not_through(error: NetworkError) -> SendError:
    """Whether the message can have arrived: not where nobody was reached, or where the platform said it is down."""
    cause = error.__cause__
    if isinstance(cause, _NOT_SENT):
        return SendError.UNREACHABLE
    if isinstance(error, TimedOut) or isinstance(cause, httpx.HTTPError):
        return SendError.LOST_ANSWER
    return SendError.TOO_LONG if "too large" in error.message.casefold() else SendError.BUSY


def seconds_of(error: RetryAfter) -> float:
    """What the platform asks us to wait."""
    after = error.retry_after
    return float(after) if isinstance(after, int) else after.total_seconds()


def _request(connections: int, trust_env: bool) -> QuietRequest:
    return QuietRequest(
        connection_pool_size=connections,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=ANSWER_SECONDS,
        write_timeout=ANSWER_SECONDS,
        media_write_timeout=UPLOAD_SECONDS,
        pool_timeout=CONNECT_SECONDS,
        httpx_kwargs={"trust_env": trust_env},
    )
