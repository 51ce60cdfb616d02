"""Photos for staff: of a need that they may read, or of a conversation that their party has now."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from web.files import serve_file
from web.staff.desk import Looking
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/photos")


@router.get("/{file_id}")
async def photo(desk: Looking, file_id: UUID) -> Response:
    """The photo; for everybody else it is as if there were none. One of a confidential need is noted as a view."""
    async with desk.parts.sessions.begin() as session:
        return await serve_file(session, desk.parts, desk.actor, file_id)
