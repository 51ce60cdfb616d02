"""The websocket of the chat: what is said in a person's thread, from the last number that the browser has seen.

Before: a bell rings (web/bells.py). No connection of the pool is held while waiting for it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from typing import Annotated

import structlog
from fastapi import APIRouter, Query, WebSocket
from sqlalchemy.exc import SQLAlchemyError
from starlette.websockets import WebSocketDisconnect

from channels.web.reading import PAGE, find_last_seq, is_being_answered, read_after
from channels.web.seen import see_thread
from community.clock import now
from community.presence.usecases import SEEN, TYPES, hint
from community.residents.usecases import Known, find_person
from web.bells import Bell, Item
from web.identity import CHANNEL, Visitor
from web.origin import has_our_origin
from web.parts import Held, Parts

log = structlog.get_logger()
router = APIRouter()
PING_SECONDS = 25.0
NEWS_SECONDS = 0.15  # most answers come sooner than a sign of typing is worth looking for
REST_SECONDS = 0.002
TRY_LATER = 1013
LONGEST_NUMBER = 10
TYPING_SECONDS = 1.0


@router.websocket("/chat/live")
async def chat_live(socket: WebSocket, parts: Held, after: Annotated[int, Query(ge=0)] = 0) -> None:
    """Open for as long as the page is; any frame that the browser sends makes us look again."""
    visitor = parts.identity.find(socket)
    if visitor is None or not has_our_origin(socket, parts.settings):
        await socket.close()
        return
    await socket.accept()
    line = Line(socket, parts, visitor, Bell(), after)
    listening = asyncio.create_task(line.hear_browser())
    try:
        await line.serve(listening)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("live_line_cut", error=type(error).__name__)
        with suppress(RuntimeError):
            await socket.close(TRY_LATER)
    except (WebSocketDisconnect, RuntimeError):
        pass  # the browser is gone
    finally:
        listening.cancel()


class Line:
    """One browser's line: tells what is new, then waits for the bell."""

    def __init__(self, socket: WebSocket, parts: Parts, visitor: Visitor, bell: Bell, after: int) -> None:
        self._socket, self._parts, self._visitor, self._bell = socket, parts, visitor, bell
        self._last = after
        self._seen, self._typed = 0, -TYPING_SECONDS
        self._known: Known | None = None

    async def serve(self, listening: asyncio.Task[None]) -> None:
        """Until the browser is gone."""
        with ExitStack() as hung:
            hung.enter_context(self._parts.bells.hang_stranger(self._visitor.outside_id, self._bell))
            await self._look_up(hung)
            await self._say(type="hello", last=await self._newest())
            self._bell.ring()
            while not listening.done():
                if await self._bell.wait(PING_SECONDS, NEWS_SECONDS):
                    await self._look_up(hung)
                    await self._tell_new()
                else:
                    await self._say(type="ping")
                await asyncio.sleep(REST_SECONDS)  # what comes in one breath is told at once

    async def hear_browser(self) -> None:
        """Look when the browser says so: after a message, whose answer is on the way to those we know already.

        It also says that somebody types (`typing`), and which number of the thread it has shown (`seen 12`).
        """
        try:
            while True:
                said = await self._socket.receive_text()
                if said == TYPES or said.startswith(SEEN):
                    await self._pass_on(said)
                elif self._known or self._bell.known:
                    self._bell.hand(())
                else:
                    self._bell.ring()
        except (WebSocketDisconnect, RuntimeError, KeyError):
            self._bell.ring()

    async def _pass_on(self, said: str) -> None:
        """What staff may know of the person at this page; where the database is away, nobody misses it.

        A page that says so more often than anybody types, or what it said before, is not heard.
        """
        if self._known is None:
            return
        with suppress(SQLAlchemyError, OSError, TimeoutError):
            if said == TYPES:
                await self._pass_on_typing(self._known)
            else:
                await self._pass_on_seen(self._known, said.removeprefix(SEEN).strip())

    async def _pass_on_typing(self, known: Known) -> None:
        if time.monotonic() - self._typed < TYPING_SECONDS:
            return
        self._typed = time.monotonic()
        async with self._parts.sessions.begin() as session:
            await hint(session, known.resident_id, TYPES)

    async def _pass_on_seen(self, known: Known, number: str) -> None:
        """Only what this line or the page before it was given, each number once."""
        seq = min(int(number), self._last) if number.isdecimal() and len(number) < LONGEST_NUMBER else 0
        if seq <= self._seen:
            return
        self._seen = seq
        async with self._parts.sessions.begin() as session:
            await see_thread(session, known.address_id, seq, now())

    async def _look_up(self, hung: ExitStack) -> None:
        """A visitor gets an address with the first message; from then on the bell hangs there."""
        if self._known:
            return
        self._known = self._bell.known or await self._find() or self._bell.known
        if self._known:
            self._bell.typing = True
            hung.enter_context(self._parts.bells.hang(self._known.address_id, self._bell))

    async def _find(self) -> Known | None:
        async with self._parts.statements() as session:
            return await find_person(session, CHANNEL, self._visitor.outside_id)

    async def _newest(self) -> int:
        if self._known is None:
            return 0
        async with self._parts.statements() as session:
            return await find_last_seq(session, self._known.address_id)

    async def _tell_new(self) -> None:
        typing, self._bell.typing = self._bell.typing, False
        handed = self._bell.take(self._last)
        if self._known is None:
            return
        items = await self._read(self._known) if handed is None else handed
        if items:
            self._last = items[-1]["seq"]
            await self._say(type="items", items=items)
        if typing and all(item["from"] == "me" for item in items) and await self._is_typing(self._known):
            await self._say(type="typing", on=True)
        if len(items) == PAGE:
            self._bell.ring()
        await self._tell_hints()

    async def _tell_hints(self) -> None:
        """Staff type, or have seen what the person said."""
        hints = self._bell.take_hints()
        if TYPES in hints:
            await self._say(type="typing", on=True, by="staff")
        if SEEN in hints:
            await self._say(type="seen")

    async def _read(self, known: Known) -> Sequence[Item]:
        """What is new in the thread, when it is on the disk: what another process has stored may not be there yet."""
        async with self._parts.statements() as session:
            items = await read_after(session, known.address_id, self._last)
        if items:
            await self._parts.disk.wait()
        return items

    async def _is_typing(self, known: Known) -> bool:
        async with self._parts.statements() as session:
            return await is_being_answered(session, known.address_id)

    async def _say(self, **message: object) -> None:
        await self._socket.send_json(message)
