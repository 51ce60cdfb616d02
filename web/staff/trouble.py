"""What is stuck: messages that did not reach a resident, and messages of residents that could not be handled.

Words about a need are shown to those who may read it, unless it is confidential: its page logs who reads. What was said
in the chat alone may be about anything, so it is shown only when somebody asks for it, and that is logged.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Path
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.inbox.usecases import discard_stuck, read_stuck, try_again
from community.needs.models import Need, Visibility
from community.outbox.models import OutboxMessage
from community.outbox.paces import find_paces
from community.outbox.queries import find_stuck_inbound, find_undelivered
from community.outbox.usecases import discard_message, send_again
from community.parties.queries import get_workplace
from web.staff.desk import Changing, Desk, Looking, zone_of
from web.staff.routes import ConsoleRoute
from web.staff.story import say_reason

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/trouble")
LIST = "/staff/trouble"
log = structlog.get_logger()
Number = Annotated[int, Path(ge=1, lt=2**63)]
Do = Callable[[AsyncSession], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that did not arrive; `words` is empty where they are not for this list."""

    row: OutboxMessage
    words: str
    reason: str
    need: Need | None


@router.get("")
async def trouble(desk: Looking) -> Response:
    """Both lists."""
    async with desk.parts.sessions() as session:
        return await _draw(session, desk)


@router.post("/messages/{outbox_id}/send-again")
async def send(desk: Changing, outbox_id: UUID) -> Response:
    """Back into the queue, due now."""
    return await _act(desk, lambda session: send_again(session, desk.actor, outbox_id))


@router.post("/messages/{outbox_id}/discard")
async def discard(desk: Changing, outbox_id: UUID) -> Response:
    """Give it up."""
    return await _act(desk, lambda session: discard_message(session, desk.actor, outbox_id))


@router.post("/inbound/{message_id}/try-again")
async def handle_again(desk: Changing, message_id: Number) -> Response:
    """Let the bot try once more."""
    async with desk.parts.sessions.begin() as session:
        resident_id = await try_again(session, desk.actor, message_id)
    desk.parts.turns.wake(resident_id)
    return desk.go(LIST)


@router.post("/inbound/{message_id}/discard")
async def discard_inbound(desk: Changing, message_id: Number) -> Response:
    """Give it up; it stays in the resident's thread."""
    return await _act(desk, lambda session: discard_stuck(session, desk.actor, message_id))


@router.post("/inbound/{message_id}/read")
async def read(desk: Changing, message_id: Number) -> Response:
    """Show the words of one stuck message to the one who asks for them."""
    async with desk.parts.sessions.begin() as session:
        message = await read_stuck(session, desk.actor, message_id)
        log.info("stuck_words_read", message=message_id, staff=str(desk.actor.staff_id))
        return await _draw(session, desk, shown={message_id: message.text})


async def _act(desk: Desk, do: Do) -> Response:
    async with desk.parts.sessions.begin() as session:
        await do(session)
    return desk.go(LIST)


async def _draw(session: AsyncSession, desk: Desk, shown: dict[int, str] | None = None) -> Response:
    zone = zone_of(await get_workplace(session, desk.actor))
    rows = [await _describe(session, desk, row, zone) for row in await find_undelivered(session, desk.actor)]
    stuck = [
        (message, say_reason(desk, message.reason))
        for message in await find_stuck_inbound(session, desk.actor)
    ]
    paces = [(pace, say_reason(desk, pace.reason)) for pace in await find_paces(session, now())]
    return await desk.draw(
        session, "trouble.html", undelivered=rows, stuck=stuck, shown=shown or {}, paces=paces
    )


async def _describe(session: AsyncSession, desk: Desk, row: OutboxMessage, zone: str) -> Undelivered:
    need = await session.get(Need, row.need_id) if row.need_id else None
    spoken = need is None and row.staff_id is not None
    for_all = spoken or (need is not None and need.visibility is not Visibility.CONFIDENTIAL)
    words = desk.render(row.message, row.values, zone) if for_all else ""
    return Undelivered(row, words, say_reason(desk, row.reason), need)
