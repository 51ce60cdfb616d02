"""Acts beside the words of a need: what was told by phone."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from community.outbox.telling import tell_in_person
from web.staff.desk import HOME, Changing
from web.staff.need import act
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix=HOME)


@router.post("/{need_id}/told")
async def told(desk: Changing, need_id: UUID) -> Response:
    """The resident has been told by phone or at the door."""
    outbox_id = desk.typed.id("outbox_id")
    return await act(
        desk, need_id, "told", lambda session: tell_in_person(session, desk.actor, need_id, outbox_id)
    )
