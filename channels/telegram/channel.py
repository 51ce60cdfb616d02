"""Telegram as a channel: rows go out by the Bot API, people side by side, each person's messages in their order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import structlog
from telegram import LinkPreviewOptions
from telegram.constants import ChatAction
from telegram.error import BadRequest, RetryAfter, TelegramError

from channels.by_person import send_by_person
from channels.contract import (
    Abilities,
    Fetched,
    FetchFailed,
    Finding,
    Media,
    MediaRef,
    Outcome,
    Outgoing,
    Pace,
)
from channels.errors import SendError
from channels.links import PageLinks
from channels.render import Card, Document, Picture, Piece, Words, show
from channels.telegram.bot import Bot, failed, make_bot, meaning_of, seconds_of
from channels.telegram.checking import check_bot, set_up_bot
from channels.telegram.happened import CHANNEL
from channels.telegram.keyboards import draw
from linli.file_store import read_file
from linli.settings import Settings

log = structlog.get_logger()
AT_ONCE, LONGEST_TEXT = 20, 4096
WAITS, LONGEST_WAIT = 3, 5.0
ONE_FILE = timedelta(seconds=30)
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_NOT_TAKEN = (SendError.RATE_LIMITED, SendError.BUSY, SendError.UNREACHABLE)


class TelegramChannel:
    """Sends by the Bot API. The platform knows no key for repeats, so a lost answer may mean a message twice."""

    name = CHANNEL
    abilities = Abilities(
        buttons=8,
        button_text=40,
        longest_text=LONGEST_TEXT,
        idempotent=False,
        media=frozenset({Media.IMAGE, Media.FILE}),
        cards=True,
        pace=Pace(all_per_second=30, one_per_second=1),
    )

    def __init__(self, settings: Settings, bot: Bot | None = None) -> None:
        self._settings, self._bot = settings, bot or make_bot(settings)
        self._links, self._files = PageLinks(settings), settings.files_dir
        self._room = asyncio.Semaphore(AT_ONCE)

    async def send(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Send each row; what a person's row waits for, the person's later rows wait for too."""
        return await send_by_person(batch, lambda: self._send_row)

    async def show_work(self, outside_id: str) -> None:
        """The phone says "typing" for five seconds at most, or until the next message."""
        try:
            await self._bot.send_chat_action(int(outside_id), ChatAction.TYPING)
        except Exception as error:  # noqa: BLE001 - only a sign: whatever it led the library to, the answer comes
            log.info("telegram_typing_not_shown", error=type(error).__name__)

    async def fetch(self, ref: MediaRef, *, most_bytes: int) -> Fetched:
        """A file that a person sent; the platform gives those of up to 20 MB, within an hour or so."""
        try:
            async with asyncio.timeout(ONE_FILE.total_seconds()):
                file = await self._bot.get_file(ref.id)
                if (file.file_size or 0) > most_bytes:
                    raise FetchFailed("too_large", again=False)
                content = bytes(await file.download_as_bytearray())
        except BadRequest as error:
            raise FetchFailed("refused", again=False) from error
        except (TelegramError, OSError, TimeoutError) as error:
            raise FetchFailed(type(error).__name__, again=True) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise FetchFailed("garbage", again=True) from error
        if len(content) > most_bytes:
            raise FetchFailed("too_large", again=False)
        return Fetched(content, _media_type(ref, file.file_path), ref.name)

    async def check(self) -> Sequence[Finding]:
        """What `linli channel check` tells of the bot."""
        return await check_bot(self._bot, self._settings)

    async def set_up(self) -> Sequence[Finding]:
        """Name our door or take it away, put up the menu of commands, and check."""
        return await set_up_bot(self._bot, self._settings)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._bot.shut()

    async def _send_row(self, row: Outgoing) -> Outcome:
        """Send the pieces; after the first one has gone, trouble means that the row may come twice."""
        sent: list[int] = []
        try:
            for piece, card in _join(show(row, self.abilities, self._page)):
                send = partial(self._send_piece, row, piece, card)
                async with self._room:
                    sent.append(await (_patiently(send) if sent else send()))
        except Exception as error:  # noqa: BLE001 - whatever a platform's answer led the library to
            outcome = failed(row.id, error)
            log.warning(
                "telegram_not_sent", error=type(error).__name__, meaning=outcome.error, sent=len(sent)
            )
            return outcome if not sent or _is_final(outcome) else Outcome(row.id, SendError.LOST_ANSWER)
        return Outcome(row.id, outside_id=str(sent[-1]), used=len(sent))

    async def _send_piece(self, row: Outgoing, piece: Piece, card: Card | None) -> int:
        chat = int(row.outside_id)
        match piece:
            case Words(text, choices):
                message = await self._bot.send_message(
                    chat, text, reply_markup=draw(choices, card), link_preview_options=NO_PREVIEW
                )
            case Picture(file_id, caption):
                message = await self._bot.send_photo(
                    chat, await self._read(file_id), caption=caption[:1024] or None, filename="photo.jpg"
                )
            case Document(file_id, name):
                message = await self._bot.send_document(chat, await self._read(file_id), filename=name)
            case Card(title, text, url):
                words = "\n".join(part for part in (text or title, url) if part)
                message = await self._bot.send_message(chat, words, link_preview_options=NO_PREVIEW)
        return message.message_id

    async def _read(self, file_id: UUID) -> bytes:
        return await asyncio.to_thread(read_file, Path(self._files), file_id)

    def _page(self, resident_id: UUID, path: str) -> str:
        return self._links.make(resident_id, path)


def _join(pieces: Sequence[Piece]) -> list[tuple[Piece, Card | None]]:
    """A link goes below the words as a button; into the words where the platform does not take its address as one."""
    card = next((piece for piece in pieces if isinstance(piece, Card)), None)
    last = max((index for index, piece in enumerate(pieces) if isinstance(piece, Words)), default=None)
    if card is None or last is None:
        return [(piece, None) for piece in pieces]
    words, below = pieces[last], card if card.url.startswith("https://") else None
    if isinstance(words, Words) and below is None:
        words = Words(f"{words.text}\n{card.title} {card.url}", words.choices)
        if len(words.text) > LONGEST_TEXT:
            return [(piece, None) for piece in pieces]
    kept = [*pieces[:last], words, *pieces[last + 1 :]]
    return [(piece, below if piece is words else None) for piece in kept if piece is not card]


async def _patiently(send: Callable[[], Awaitable[int]]) -> int:
    """The rest of a row whose beginning has gone: what was not taken is sent again here, or all would come again."""
    for _ in range(WAITS):
        try:
            return await send()
        except TelegramError as error:
            seconds = seconds_of(error) if isinstance(error, RetryAfter) else 1.0
            if meaning_of(error) not in _NOT_TAKEN or seconds > LONGEST_WAIT:
                raise
            await asyncio.sleep(seconds)
    return await send()


def _is_final(outcome: Outcome) -> bool:
    return outcome.error in (SendError.REFUSED, SendError.TOO_LONG, SendError.NOBODY_THERE)


def _media_type(ref: MediaRef, path: str | None) -> str:
    """What the platform's name of the file says; photos are always JPEG. Who stores it looks at the content."""
    kinds = {
        "jpg": "image/jpeg",
        "jpeg": "image/jpeg",
        "png": "image/png",
        "webp": "image/webp",
        "mp4": "video/mp4",
    }
    kinds |= {"oga": "audio/ogg", "ogg": "audio/ogg", "mp3": "audio/mpeg", "pdf": "application/pdf"}
    ending = (path or "").rpartition(".")[2].casefold()
    usual = {Media.IMAGE: "image/jpeg", Media.VIDEO: "video/mp4", Media.VOICE: "audio/ogg"}
    return kinds.get(ending, usual.get(ref.kind, "application/octet-stream"))
