"""Own accounts on channels: a colleague links one with six digits, sees them all and ends each. For every role."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import TooMany
from community.linking.codes import Shown
from community.staff_reach.linking import end_link, find_links, make_staff_code
from web.staff.desk import Changing, Desk, Looking
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/own-accounts")
PAGE = "/staff/own-accounts"


@router.get("")
async def accounts(desk: Looking) -> Response:
    """The accounts that are linked, and how to link one."""
    async with desk.parts.sessions() as session:
        return await _draw(session, desk)


@router.post("/code")
async def show_code(desk: Changing) -> Response:
    """Six digits to be sent to Linli from the own account; shown once."""
    try:
        async with desk.parts.sessions.begin() as session:
            code = await make_staff_code(session, desk.actor)
    except TooMany as error:
        async with desk.parts.sessions() as session:
            return await _draw(session, desk, refusal=desk.say(error), status=429)
    async with desk.parts.sessions() as session:
        return await _draw(session, desk, code=code)


@router.post("/{address_id}/end")
async def end(desk: Changing, address_id: UUID) -> Response:
    """Nothing goes there any more."""
    async with desk.parts.sessions.begin() as session:
        await end_link(session, desk.actor, address_id)
    return desk.go(PAGE)


async def _draw(
    session: AsyncSession, desk: Desk, *, code: Shown | None = None, refusal: str = "", status: int = 200
) -> HTMLResponse:
    links = await find_links(session, desk.actor.staff_id)
    values = {"links": links, "code": code, "refusal": refusal}
    return await desk.draw(session, "own_accounts.html", status=status, **values)
