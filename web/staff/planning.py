"""The planning form of an activity at the console: a new plan, and a change of one that there is."""

from __future__ import annotations

from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.kinds import ACTIVITY_KINDS
from community.activities.models import Activity, ActivityState
from community.activities.queries import ShiftLine, find_shifts_of
from community.activities.repeating import Every
from community.activities.rights import may_run
from community.activities.usecases.planning import plan_activity
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused
from community.places.models import Community
from community.places.queries import find_buildings
from community.signups.people import find_known_qualifications
from community.signups.usecases.changing import change_activity
from community.teams.queries import find_teams
from linli.text import TextRefused
from web.staff.activities import ACTIVITIES, get_planning_community
from web.staff.desk import Changing, Desk, Looking
from web.staff.plan_form import (
    CANCELS,
    CLOSES,
    CONFIRMS,
    OPENS,
    REMINDS,
    ROWS,
    WARNS,
    fill_form,
    read_plan,
)
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/activities")


@router.get("/new")
async def new(desk: Looking) -> Response:
    """The empty form of a plan."""
    async with desk.parts.sessions() as session:
        return await _draw_form(session, desk, await get_planning_community(session, desk))


@router.post("")
async def plan(desk: Changing) -> Response:
    """Keep the plan as a draft; what does not fit is said above the form, which keeps all that was typed."""
    async with desk.parts.sessions() as session:
        community = await get_planning_community(session, desk)
    try:
        made = read_plan(desk.typed, community.zone)
        async with desk.parts.sessions.begin() as session:
            activity = await plan_activity(session, desk.actor, made, request_id=desk.typed.id("request_id"))
    except (Refused, TextRefused) as error:
        async with desk.parts.sessions() as session:
            return await _draw_form(session, desk, community, refusal=desk.say(error))
    return desk.go(f"{ACTIVITIES}/{activity.id}")


@router.get("/{activity_id}/edit")
async def edit(desk: Looking, activity_id: UUID) -> Response:
    """The form with what is planned; of a published activity without dates and numbers."""
    async with desk.parts.sessions() as session:
        return await _draw_form(session, desk, await get_planning_community(session, desk), activity_id)


@router.post("/{activity_id}/edit")
async def change(desk: Changing, activity_id: UUID) -> Response:
    """Take over what was changed; whoever comes hears of it."""
    async with desk.parts.sessions() as session:
        community = await get_planning_community(session, desk)
        await _get_own(session, desk, activity_id)
    try:
        made = read_plan(desk.typed, community.zone)
        async with desk.parts.sessions.begin() as session:
            await change_activity(session, desk.actor, activity_id, made)
    except (NotFound, NotAllowed):
        raise
    except (Refused, TextRefused) as error:
        async with desk.parts.sessions() as session:
            return await _draw_form(session, desk, community, activity_id, refusal=desk.say(error))
    return desk.go(f"{ACTIVITIES}/{activity_id}")


async def _get_own(session: AsyncSession, desk: Desk, activity_id: UUID) -> tuple[Activity, list[ShiftLine]]:
    activity, lines = await find_shifts_of(session, desk.actor, activity_id)
    if not may_run(desk.actor, activity):
        raise NotAllowed
    return activity, lines


async def _draw_form(
    session: AsyncSession,
    desk: Desk,
    community: Community,
    activity_id: UUID | None = None,
    *,
    refusal: str = "",
) -> Response:
    activity, lines = await _get_own(session, desk, activity_id) if activity_id else (None, [])
    today = now().astimezone(ZoneInfo(community.zone)).date()
    return await desk.draw(
        session,
        "plan.html",
        status=422 if refusal else 200,
        refusal=refusal,
        kinds=list(ACTIVITY_KINDS.values()),
        every=tuple(Every),
        buildings=await find_buildings(session, community.id),
        teams=await find_teams(session, community.id),
        known=await find_known_qualifications(session, community.id),
        activity=activity,
        kept=fill_form(activity, lines, community.zone) if activity else {},
        is_draft=activity is None or activity.state is ActivityState.DRAFT,
        today=today,
        request_id=uuid4(),
        warns=WARNS,
        more_rows=ROWS[1:],
        choices={
            "opens": OPENS,
            "closes": CLOSES,
            "cancels": CANCELS,
            "confirms": CONFIRMS,
            "reminds": REMINDS,
        },
    )
