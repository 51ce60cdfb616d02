"""Teams of volunteers at the console: made with a leader, led by somebody else, ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.errors import NotAllowed, NotFound, Refused
from community.signups.people import PAGE, find_helpers
from community.teams.queries import find_kept_teams
from community.teams.usecases import change_leader, end_team, make_team
from linli.text import TextRefused
from web.staff.activities import get_planning_community
from web.staff.desk import Changing, Desk, Looking
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/activities/teams")
TEAMS = "/staff/activities/teams"
LAST_PAGE = 10_000
Do = Callable[[AsyncSession], Awaitable[object]]


@router.get("")
async def teams(desk: Looking, phone: str = "", page: int = 1) -> Response:
    """The teams that one keeps, and the form of a new one; who may lead is found by phone, or page by page."""
    return await _draw(desk, phone=phone[:40], page=min(max(page, 1), LAST_PAGE))


@router.post("")
async def make(desk: Changing) -> Response:
    """A team with its leader, who is one of the volunteers."""
    name = desk.typed.get("name", 40)
    return await _act(desk, lambda session: make_team(session, desk.actor, name, desk.typed.choice("leader")))


@router.post("/{team_id}/leader")
async def lead(desk: Changing, team_id: UUID) -> Response:
    """Somebody else leads."""
    return await _act(
        desk, lambda session: change_leader(session, desk.actor, team_id, desk.typed.choice("leader"))
    )


@router.post("/{team_id}/end")
async def end(desk: Changing, team_id: UUID) -> Response:
    """The team ends."""
    return await _act(desk, lambda session: end_team(session, desk.actor, team_id))


async def _act(desk: Desk, do: Do) -> Response:
    try:
        async with desk.parts.sessions.begin() as session:
            await get_planning_community(session, desk)
            await do(session)
    except (NotFound, NotAllowed):
        raise
    except (Refused, TextRefused) as error:
        return await _draw(desk, refusal=error)
    return desk.go(TEAMS)


async def _draw(
    desk: Desk, refusal: Refused | TextRefused | None = None, *, phone: str = "", page: int = 1
) -> Response:
    async with desk.parts.sessions() as session:
        await get_planning_community(session, desk)
        helpers = await find_helpers(session, desk.actor, now(), phone, page)
        return await desk.draw(
            session,
            "teams.html",
            status=422 if refusal else 200,
            refusal=desk.say(refusal) if refusal else "",
            teams=await find_kept_teams(session, desk.actor),
            helpers=helpers,
            phone=phone,
            page=page,
            more=len(helpers) == PAGE,
        )
