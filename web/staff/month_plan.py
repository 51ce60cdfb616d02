"""Last month's plan at the console: every shift of one's own party with its new date, ticked, and one press to copy."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date
from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.models import ActivityState
from community.activities.monthly import find_month
from community.activities.months import get_month_ahead, is_ahead, month_after, month_before
from community.activities.usecases.copying import copy_month
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused
from community.places.models import Community
from web.bodies import BodyRefused
from web.staff.activities import ACTIVITIES, get_planning_community, month_to_fill
from web.staff.desk import Changing, Desk, Looking
from web.staff.routes import ConsoleRoute

MONTH = f"{ACTIVITIES}/month"
router = APIRouter(route_class=ConsoleRoute, prefix=MONTH)
TICK = "shift-"


@router.get("")
async def plan_of_month(desk: Looking, month: str = "") -> Response:
    """What the month before may bring into this month; without one, into the one that begins nearest."""
    async with desk.parts.sessions() as session:
        return await _draw(session, desk, await get_planning_community(session, desk), month)


@router.post("")
async def copy(desk: Changing) -> Response:
    """Make drafts of what is ticked; what cannot be is said above the list, and then nothing was made."""
    month, ticked = desk.typed.get("month", 10), _read_ticks(desk)
    async with desk.parts.sessions() as session:
        community = await get_planning_community(session, desk)
    try:
        async with desk.parts.sessions.begin() as session:
            await copy_month(session, desk.actor, month, ticked)
    except (NotFound, NotAllowed):
        raise
    except Refused as error:
        async with desk.parts.sessions() as session:
            return await _draw(session, desk, community, month, refusal=error, ticked=ticked)
    return desk.go(f"{MONTH}?month={month}")


def _read_ticks(desk: Desk) -> Collection[UUID]:
    """The shifts whose boxes are ticked. Raises BodyRefused."""
    try:
        return {UUID(name.removeprefix(TICK)) for name in desk.typed.fields if name.startswith(TICK)}
    except ValueError as error:
        raise BodyRefused("unreadable") from error


async def _draw(
    session: AsyncSession,
    desk: Desk,
    community: Community,
    written: str,
    *,
    refusal: Refused | None = None,
    ticked: Collection[UUID] | None = None,
) -> Response:
    zone = community.zone
    month = month_to_fill(now().astimezone(ZoneInfo(zone)).date(), zone)
    try:
        month = get_month_ahead(written, zone) if written else month
    except Refused as error:
        refusal = refusal or error
    planned = await find_month(session, desk.actor, month, zone)
    return await desk.draw(
        session,
        "month_plan.html",
        status=422 if refusal else 200,
        refusal=desk.say(refusal) if refusal else "",
        planned=planned,
        ticked=ticked,
        any_left=any(shift.may_copy for each in planned for shift in each.shifts),
        drafts=sum(each.copy is not None and each.copy.state is ActivityState.DRAFT for each in planned),
        month=month,
        source=month_before(month),
        months=[each for each in (month_before(month), month, month_after(month)) if is_ahead(each, zone)],
        name_month=lambda day: _say(day, desk.language, "M月", "MMMM"),
        name_year=lambda day: _say(day, desk.language, "y年M月", "MMMM y"),
        name_day=lambda day: _say(day, desk.language, "M月d日 EEE", "EEE d MMM"),
        name_weekday=lambda day: _say(day, desk.language, "EEE", "EEEE"),
        zone=ZoneInfo(zone),
    )


def _say(day: date, language: str, chinese: str, english: str) -> str:
    return format_date(day, chinese if language == "zh" else english, locale=language)
