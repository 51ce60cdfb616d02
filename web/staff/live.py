"""The console's line to the browser: says that something changed, and the page reads anew what it shows.

Before: a use-case notifies `linli_needs` and the bells ring (web/bells.py). Nothing of a need travels on this line, and
no connection of the pool is held while waiting. A session that ended is told so within the next breath.
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
from web.bells import Bell
from web.origin import has_our_origin
from web.parts import Held, Parts
from web.staff.cookies import find_token
from web.staff.desk import session_times

log = structlog.get_logger()
router = APIRouter()
LOOK_SECONDS = 15.0
REST_SECONDS = 0.2
TRY_LATER = 1013


@router.websocket("/staff/live")
async def live(socket: WebSocket, parts: Held) -> None:
    """Open for as long as the page and the session are."""
    token = find_token(socket, parts.settings)
    if token is None or not has_our_origin(socket, parts.settings):
        await socket.close()
        return
    await socket.accept()
    bell = Bell()
    listening = asyncio.create_task(_until_gone(socket, bell))
    try:
        await _serve(socket, parts, token, bell, listening)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("live_line_cut", error=type(error).__name__)
        with suppress(RuntimeError):
            await socket.close(TRY_LATER)
    except (WebSocketDisconnect, RuntimeError):
        pass  # the browser is gone
    finally:
        listening.cancel()


async def _serve(
    socket: WebSocket, parts: Parts, token: str, bell: Bell, listening: asyncio.Task[None]
) -> None:
    with ExitStack() as hung:
        me = await _find_me(parts, token)
        for community_id in await _find_shown(parts, me) if me else ():
            hung.enter_context(parts.bells.hang(community_id, bell))
        while me and not listening.done():
            rung = await bell.wait(LOOK_SECONDS)
            me = await _find_me(parts, token)
            if me:
                await socket.send_json({"type": "changed" if rung else "ping"})
            await asyncio.sleep(REST_SECONDS)  # what changes in one breath is told at once
    if not listening.done():
        await socket.send_json({"type": "over"})
        await socket.close()


async def _find_me(parts: Parts, token: str) -> SignedIn | None:
    async with parts.sessions() as session:
        return await find_signed_in(session, token, session_times(parts.settings), in_use=False)


async def _find_shown(parts: Parts, me: SignedIn) -> Sequence[UUID]:
    """The communities whose needs this person may see: one's own, or for the street office all."""
    if me.actor.community_id is not None:
        return [me.actor.community_id]
    async with parts.sessions() as session:
        return [community.id for community in await find_communities(session)]


async def _until_gone(socket: WebSocket, bell: Bell) -> None:
    with suppress(WebSocketDisconnect, RuntimeError, KeyError):
        while True:
            await socket.receive_text()
    bell.ring()
