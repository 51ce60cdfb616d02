"""The console's line to the browser: says that something changed, and the page reads anew what it shows.

Before: a use-case notifies `linli_needs` and the bells ring (web/bells.py). Nothing of a need travels on this line but
who else looks at it and that its resident types (web/staff/watching.py). No connection of the pool is held while
waiting. A session that ended is told so within the next breath.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from uuid import UUID

import structlog
from fastapi import APIRouter, WebSocket
from sqlalchemy.exc import SQLAlchemyError
from starlette.websockets import WebSocketDisconnect

from community.access.usecases import SignedIn, find_signed_in
from community.places.queries import find_communities
from community.presence.usecases import TYPES
from web.bells import Bell
from web.origin import has_our_origin
from web.parts import Held, Parts
from web.staff.cookies import find_token
from web.staff.desk import session_times
from web.staff.watching import Watching

log = structlog.get_logger()
router = APIRouter()
LOOK_SECONDS = 10.0  # half as long as an open page counts as open (community/presence)
REST_SECONDS = 0.2
TRY_LATER = 1013
MOST_SAID = 20
_ENDING: set[asyncio.Task[None]] = set()


@router.websocket("/staff/live")
async def live(socket: WebSocket, parts: Held) -> None:
    """Open for as long as the page and the session are."""
    token = find_token(socket, parts.settings)
    if token is None or not has_our_origin(socket, parts.settings):
        await socket.close()
        return
    await socket.accept()
    bell, said = Bell(), asyncio.Queue[str](MOST_SAID)
    listening = asyncio.create_task(_until_gone(socket, bell, said))
    try:
        await _serve(socket, parts, token, bell, said, listening)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("live_line_cut", error=type(error).__name__)
        with suppress(RuntimeError):
            await socket.close(TRY_LATER)
    except (WebSocketDisconnect, RuntimeError):
        pass  # the browser is gone
    finally:
        listening.cancel()


async def _serve(
    socket: WebSocket,
    parts: Parts,
    token: str,
    bell: Bell,
    said: asyncio.Queue[str],
    listening: asyncio.Task[None],
) -> None:
    with ExitStack() as hung:
        watching = Watching(parts, bell, hung)
        hung.callback(_end_later, watching)
        me = await _find_me(parts, token)
        for community_id in await _find_shown(parts, me) if me else ():
            hung.enter_context(parts.bells.hang(community_id, bell))
        while me and not listening.done():
            rung = await bell.wait(LOOK_SECONDS)
            me = await _find_me(parts, token)
            if me:
                await _tell(socket, bell, watching, me, said, rung=rung)
            await asyncio.sleep(REST_SECONDS)  # what changes in one breath is told at once
    if not listening.done():
        await socket.send_json({"type": "over"})
        await socket.close()


async def _tell(
    socket: WebSocket, bell: Bell, watching: Watching, me: SignedIn, said: asyncio.Queue[str], *, rung: bool
) -> None:
    """What the browser said is heard; then it is told what changed, who types, who looks, or that the line is open."""
    await watching.check(me)
    while not said.empty():
        await watching.hear(me, said.get_nowait())
    hints, changed = bell.take_hints(), bell.take(0) is None
    if changed or not rung:
        await socket.send_json({"type": "changed" if changed else "ping"})
    if TYPES in hints and watching.hears_typing:
        await socket.send_json({"type": "typing"})
    if others := await watching.look(me):
        await socket.send_json(others)


def _end_later(watching: Watching) -> None:
    """The page is gone; its row is removed by a task of its own, as the line's may be cancelled."""
    task = asyncio.create_task(_end(watching))
    _ENDING.add(task)
    task.add_done_callback(_ENDING.discard)


async def _end(watching: Watching) -> None:
    with suppress(SQLAlchemyError, OSError, TimeoutError):  # the row ends by itself
        await watching.end()


async def _find_me(parts: Parts, token: str) -> SignedIn | None:
    async with parts.sessions() as session:
        return await find_signed_in(session, token, session_times(parts.settings), in_use=False)


async def _find_shown(parts: Parts, me: SignedIn) -> Sequence[UUID]:
    """The communities whose needs this person may see: one's own, or for the street office all."""
    if me.actor.community_id is not None:
        return [me.actor.community_id]
    async with parts.sessions() as session:
        return [community.id for community in await find_communities(session)]


async def _until_gone(socket: WebSocket, bell: Bell, said: asyncio.Queue[str]) -> None:
    """Keep what the browser says for the line; more than it can take is dropped."""
    with suppress(WebSocketDisconnect, RuntimeError, KeyError):
        while True:
            frame = await socket.receive_text()
            with suppress(asyncio.QueueFull):
                said.put_nowait(frame)
            bell.tell("")
    bell.ring()
