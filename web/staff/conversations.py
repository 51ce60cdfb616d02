"""Residents who want a person: who waits, and one conversation to take, write in and give back to the bot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID, uuid4

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.conversations.queries import find_open_handovers, get_handover_conversation
from community.conversations.talking import find_silence_end, see_conversation
from community.conversations.usecases import give_back, take_conversation, write_in_conversation
from community.errors import NotFound, Refused
from community.parties.queries import get_workplace
from community.residents.queries import get_profile
from linli.text import TextRefused
from web.staff.desk import Changing, Desk, Looking, zone_of
from web.staff.due import say_span
from web.staff.routes import ConsoleRoute
from web.staff.story import WAITING, tell_said

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/conversations")
LIST = "/staff/conversations"
Do = Callable[[AsyncSession], Awaitable[object]]


@router.get("")
async def conversations(desk: Looking) -> Response:
    """Who wants a person, the longest waiting first."""
    async with desk.parts.sessions() as session:
        return await _draw(session, desk)


@router.get("/{handover_id}")
async def conversation(desk: Looking, handover_id: UUID) -> Response:
    """One of them, with what was said; the resident's page says that it was seen."""
    async with desk.parts.sessions.begin() as session:
        return await _draw(session, desk, handover_id)


@router.post("/{handover_id}/take")
async def take(desk: Changing, handover_id: UUID) -> Response:
    """Speak with the resident from now on."""
    return await _act(desk, handover_id, lambda session: take_conversation(session, desk.actor, handover_id))


@router.post("/{handover_id}/write")
async def write(desk: Changing, handover_id: UUID) -> Response:
    """Write to the resident."""
    typed = desk.typed
    return await _act(
        desk,
        handover_id,
        lambda session: write_in_conversation(
            session, desk.actor, handover_id, typed.words("words"), typed.id("request_id")
        ),
    )


@router.post("/{handover_id}/give-back")
async def leave(desk: Changing, handover_id: UUID) -> Response:
    """Let the bot speak again."""
    return await _act(
        desk, handover_id, lambda session: give_back(session, desk.actor, handover_id), then=LIST
    )


async def _act(desk: Desk, handover_id: UUID, do: Do, then: str = "") -> Response:
    """Do it in one transaction; a refusal is drawn above the form, with what was typed."""
    try:
        async with desk.parts.sessions.begin() as session:
            await do(session)
    except (Refused, TextRefused) as error:
        if isinstance(error, NotFound):
            raise
        async with desk.parts.sessions() as session:
            return await _draw(session, desk, handover_id, refusal=desk.say(error), status=422)
    return desk.go(then or f"{LIST}/{handover_id}")


async def _draw(
    session: AsyncSession,
    desk: Desk,
    handover_id: UUID | None = None,
    *,
    status: int = 200,
    refusal: str = "",
) -> Response:
    opened = await _open(session, desk, handover_id) if handover_id else {"handover": None}
    at = now()
    waiting = [
        (handover, resident, say_span(at - (handover.taken_at or handover.created_at), desk.language))
        for handover, resident in await find_open_handovers(session, desk.actor)
    ]
    return await desk.draw(
        session, "conversations.html", status=status, waiting=waiting, refusal=refusal, new_id=uuid4, **opened
    )


async def _open(session: AsyncSession, desk: Desk, handover_id: UUID) -> dict[str, object]:
    handover, said = await get_handover_conversation(session, desk.actor, handover_id)
    zone = zone_of(await get_workplace(session, desk.actor))
    quiet = timedelta(hours=desk.parts.settings.person_quiet_hours)
    if desk.is_seen:
        await see_conversation(session, desk.actor, handover)
    return {
        "handover": handover,
        "story": [tell_said(desk, line, zone) for line in said],
        "on_the_way": any(line.state in WAITING for line in said),
        "profile": await get_profile(session, handover.resident_id),
        "mine": handover.staff_id == desk.actor.staff_id,
        "silent_until": await find_silence_end(session, handover, quiet),
    }
