"""WeChat as a channel: a row goes back with the open request where one waits, else as customer-service messages.

People side by side, each person's messages in their order. [source] developers.weixin.qq.com, 公众号: 客服消息.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy.exc import SQLAlchemyError

from channels.by_person import SendOne, send_by_person
from channels.consequences import CONSEQUENCES
from channels.contract import (
    Abilities,
    Fetched,
    FetchFailed,
    Finding,
    Media,
    MediaRef,
    Outcome,
    Outgoing,
    Resting,
)
from channels.errors import SendError
from channels.render import Card, Document, Picture, Piece, Words, show
from channels.wechat.any_time import AnyTime
from channels.wechat.api import WeChatApi
from channels.wechat.calling import Away, CallFailed, Lost, Refused
from channels.wechat.checking import check_account, set_up_account
from channels.wechat.contents import Body, card_body, document_body, image_body, words_body
from channels.wechat.errcodes import MEDIA_GONE, NO_MENUS, error_of
from channels.wechat.happened import AFTER_MESSAGE, CHANNEL
from channels.wechat.pages import WeChatPages
from channels.wechat.passive import Passed, PassiveReplies
from channels.wechat.replying import LONGEST_BYTES
from channels.wechat.sending import Replied, Sending
from channels.wechat.uploads import Uploads
from community.clock import now
from linli.database import Sessions
from linli.settings import Settings

log = structlog.get_logger()
AT_ONCE = 20
FETCH_SECONDS = 30.0
MINUTE = timedelta(minutes=1).total_seconds()
SEND = "/cgi-bin/message/custom/send"


class NoCall(Exception):
    """The account takes no call now, and no request of the person's waits for these words."""

    def __init__(self, resting: Resting) -> None:
        super().__init__(resting.error.value)
        self.resting, self.seconds = resting, max(0.0, (resting.until - now()).total_seconds())


class WeChatChannel:
    """Sends for one account. The platform knows no key for repeats, so a lost answer may mean a message twice."""

    name = CHANNEL
    abilities = Abilities(
        buttons=8,
        button_text=120,
        longest_text=LONGEST_BYTES,
        unit="bytes",
        idempotent=False,
        media=frozenset({Media.IMAGE}),
        window=AFTER_MESSAGE.lasts,
        budget=True,
        may_number=True,
        free_answers=1,
    )
    numbered = replace(abilities, buttons=0)
    """Passive replies have no buttons, and some accounts may send none: numbers to answer with."""

    def __init__(self, settings: Settings, sessions: Sessions) -> None:
        self._settings, self._api = settings, WeChatApi(settings, sessions)
        self._passive = PassiveReplies(sessions, settings.database_url)
        self._pages, self._uploads = WeChatPages(settings), Uploads(settings, sessions, self._api)
        self._any_time = AnyTime(settings, sessions, self._api)
        self._menus, self._troubled = settings.wechat_account != "test", True
        self._room = asyncio.Semaphore(AT_ONCE)

    @property
    def any_time(self) -> Collection[str]:
        """The messages that need no window, where the settings name a template for them."""
        return self._any_time.messages

    async def send(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Send each row; what a person's row waits for, the person's later rows wait for too."""
        return await send_by_person(batch, self._begin)

    async def fetch(self, ref: MediaRef, *, most_bytes: int) -> Fetched:
        """A picture or video that a person sent; the platform keeps it for three days."""
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                answer = await self._api.download(ref.id, most_bytes)
        except Refused as refused:
            raise FetchFailed(f"errcode {refused.code}", again=refused.code not in MEDIA_GONE) from None
        except (CallFailed, TimeoutError) as error:
            raise FetchFailed(type(error).__name__, again=True) from None
        return Fetched(answer.content, answer.media_type, ref.name or answer.name)

    async def check(self) -> Sequence[Finding]:
        """What `linli channel check` tells of the account."""
        return await check_account(self._api, self._settings)

    async def set_up(self) -> Sequence[Finding]:
        """Set the menu, and look at the account then."""
        return await set_up_account(self._api, self._settings)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._passive.close()
        await self._api.close()

    def _begin(self) -> SendOne:
        """What sends one person's rows: of these it is known when words went back with a request."""
        return partial(self._send_row, Replied())

    async def _send_row(self, replied: Replied, row: Outgoing) -> Outcome:
        sending = Sending(row, replied)
        try:
            await (self._send_any_time if _needs_no_window(row) else self._send_in_window)(sending)
        except NoCall as rests:
            return Outcome(row.id, rests.resting.error, retry_after=rests.seconds, used=0)
        except CallFailed as failed:
            return await self._failed(sending, failed)
        except (
            SQLAlchemyError,
            OSError,
            TimeoutError,
        ) as error:  # the database, for a token or an open request
            return await self._failed(sending, _began(sending, type(error).__name__))
        if not row.resting:
            await self._tell_operator(None)
        return Outcome(row.id, outside_id=sending.outside_id, used=sending.used)

    async def _send_any_time(self, sending: Sending) -> None:
        async with self._room:
            sending.outside_id = await self._any_time.send(sending.row, self._pages.make)

    async def _send_in_window(self, sending: Sending) -> None:
        row = sending.row
        pieces = list(show(row, self.numbered, self._pages.make)) if row.answers_id else []
        if pieces and await self._went_back(row, pieces[0]):
            sending.replied.at, pieces = time.monotonic(), pieces[1:]
        else:
            pieces = list(show(row, self.abilities if self._menus else self.numbered, self._pages.make))
        if pieces and row.resting:
            raise NoCall(row.resting)
        for piece in pieces:
            await sending.let_reply_arrive()
            async with self._room:
                await self._send_piece(sending, piece)

    async def _went_back(self, row: Outgoing, piece: Piece) -> bool:
        """Whether the first words went with the open request, which costs nothing of the budget. Raises Lost."""
        if row.answers_id is None or not isinstance(piece, Words):
            return False
        passed = await self._passive.offer(row.answers_id, row.id, piece.text)
        if passed is Passed.UNKNOWN:
            raise Lost("passive reply")
        return passed is Passed.DONE

    async def _send_piece(self, sending: Sending, piece: Piece) -> None:
        openid = sending.row.outside_id
        match piece:
            case Words():
                await self._send_words(sending, piece)
            case Picture(file_id, caption):
                if caption:
                    await self._post(sending, words_body(openid, Words(caption)))
                await self._uploads.send(
                    file_id, lambda media_id: self._post(sending, image_body(openid, media_id))
                )
            case Document():
                await self._post(sending, document_body(openid, piece))
            case Card():
                await self._post(sending, card_body(openid, piece))

    async def _send_words(self, sending: Sending, words: Words) -> None:
        """With its buttons; an account that may send none says so, and from then on numbers stand for them."""
        try:
            await self._post(sending, words_body(sending.row.outside_id, words))
        except Refused as refused:
            if not words.choices or refused.code not in NO_MENUS:
                raise
            self._menus = False
            for piece in show(sending.row, self.numbered, self._pages.make):
                await self._send_piece(sending, piece)

    async def _post(self, sending: Sending, body: Body) -> None:
        sending.spoke = True
        await self._api.post(SEND, body)
        sending.spoke, sending.used = False, sending.used + 1

    async def _failed(self, sending: Sending, failed: CallFailed) -> Outcome:
        """What went wrong, by the closed list; after a first piece has gone, trying again may mean it twice."""
        error = _error(failed, sending)
        log.warning("wechat_not_sent", reason=str(failed), meaning=error, sent=sending.used)
        if CONSEQUENCES[error].operator and isinstance(failed, Refused):
            await self._tell_operator(failed.code)
        if sending.used and error is SendError.UNREACHABLE:
            error = SendError.LOST_ANSWER
        after = MINUTE if error is SendError.RATE_LIMITED else None
        return Outcome(sending.row.id, error, retry_after=after, used=sending.used)

    async def _tell_operator(self, code: int | None) -> None:
        """Keep what an operator must see, until a call goes well again; what was sent stays sent if that fails."""
        if not self._troubled and code is None:
            return
        try:
            await self._api.tokens.tell_trouble(code)
            self._troubled = code is not None
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("wechat_trouble_not_noted", error=type(error).__name__)


def _began(sending: Sending, reason: str) -> CallFailed:
    """What is not known after a first piece, or an offer, has gone; before that nothing has."""
    return Lost(reason) if sending.used or sending.row.answers_id else Away(reason)


def _needs_no_window(row: Outgoing) -> bool:
    """Delivery hands over no budget where the window is over and the message is one that may go all the same."""
    return row.budget is None and row.answers_id is None


def _error(failed: CallFailed, sending: Sending) -> SendError:
    """Templates and pictures have a day's calls of their own: where these are used up, talks go on."""
    if isinstance(failed, Refused):
        error = error_of(failed.code)
        return SendError.KIND_SPENT if error is SendError.QUOTA_SPENT and not sending.spoke else error
    return SendError.UNREACHABLE if isinstance(failed, Away) else SendError.LOST_ANSWER
