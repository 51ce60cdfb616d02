"""Filters of the queue that somebody keeps under a name of their own."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from community.errors import Refused
from community.filters.usecases import forget_filter, save_filter
from web.staff.desk import HOME, Changing
from web.staff.queue import draw_queue
from web.staff.routes import ConsoleRoute
from web.staff.wanted import Wanted

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/filters")


@router.post("")
async def save(desk: Changing, wanted: Annotated[Wanted, Query()]) -> Response:
    """Keep the list that the address asks for."""
    try:
        async with desk.parts.sessions.begin() as session:
            await save_filter(session, desk.actor, desk.typed.get("name"), wanted.query())
    except Refused as error:
        async with desk.parts.sessions() as session:
            return await draw_queue(session, desk, wanted, status=422, refusal=desk.say(error))
    return RedirectResponse(wanted.address(), 303)


@router.post("/{filter_id}/forget")
async def forget(desk: Changing, filter_id: UUID) -> Response:
    """Let it go."""
    async with desk.parts.sessions.begin() as session:
        await forget_filter(session, desk.actor, filter_id)
    return RedirectResponse(HOME, 303)
