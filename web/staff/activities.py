"""Activities at the console: the board of shifts with their fill levels, and one activity with its photo."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.kinds import get_activity_kind
from community.activities.models import Activity, Part
from community.activities.months import is_ahead, this_month
from community.activities.photos import get_photo, set_photo
from community.activities.queries import ShiftLine, find_planned, find_shifts_of
from community.activities.repeating import say_rule
from community.activities.rights import PLANNERS, may_run
from community.activities.usecases.copying import copy_activity
from community.activities.usecases.planning import publish_activity
from community.clock import now
from community.errors import NotAllowed, NotFound, Refused
from community.parties.queries import get_workplace
from community.places.models import Community
from community.signups.usecases.moving import cancel_activity
from community.substitutes.queries import find_search_states
from web.files import send_file
from web.staff.attaching import Attaching, keeping_files
from web.staff.days import in_reach
from web.staff.desk import Changing, Desk, Looking
from web.staff.plan_form import (
    read_moment,
)
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/activities")
ACTIVITIES = "/staff/activities"
BOARD_DAYS, MOST_LISTED = 28, 500
Do = Callable[[AsyncSession], Awaitable[Activity]]


@router.get("")
async def board(desk: Looking, since: date | None = None) -> Response:
    """Four weeks of shifts by day, from today or another day on."""
    async with desk.parts.sessions() as session:
        community = await get_planning_community(session, desk)
        zone = ZoneInfo(community.zone)
        first = since if since and in_reach(since) else now().astimezone(zone).date()
        begins = read_moment(first.isoformat(), "00:00", community.zone)
        until = begins + timedelta(days=BOARD_DAYS)
        lines = await find_planned(session, community.id, begins, until, most=MOST_LISTED)
        is_cut = len(lines) == MOST_LISTED
        last = lines[-1].shift.starts_at.astimezone(zone).date() if is_cut else None
        return await desk.draw(
            session,
            "activities.html",
            days=_by_day(lines, zone),
            cut_at=MOST_LISTED if is_cut else None,
            month=month_to_fill(first, community.zone),
            before=first - timedelta(days=BOARD_DAYS),
            after=last or first + timedelta(days=BOARD_DAYS),
            searches=await find_search_states(session, [line.shift.id for line in lines]),
            is_short=is_short,
            may_run=may_run,
            zone=zone,
            parts=tuple(Part),
        )


@router.get("/{activity_id}")
async def one(desk: Looking, activity_id: UUID) -> Response:
    """An activity with its shifts."""
    async with desk.parts.sessions() as session:
        return await _draw_one(session, desk, activity_id)


@router.get("/{activity_id}/photo")
async def photo(desk: Looking, activity_id: UUID) -> Response:
    """The photo as everybody sees it."""
    async with desk.parts.sessions() as session:
        activity, _ = await find_shifts_of(session, desk.actor, activity_id)
        return await send_file(desk.parts, await get_photo(session, activity))


@router.post("/{activity_id}/photo")
async def keep_photo(desk: Attaching, activity_id: UUID) -> Response:
    """Another photo, or none."""
    try:
        async with keeping_files(desk) as kept, desk.parts.sessions.begin() as session:
            await set_photo(session, desk.actor, activity_id, kept[0] if kept else None)
    except (NotFound, NotAllowed):
        raise
    except Refused as error:
        async with desk.parts.sessions() as session:
            return await _draw_one(session, desk, activity_id, refusal=error)
    return desk.go(f"{ACTIVITIES}/{activity_id}")


@router.post("/{activity_id}/publish")
async def publish(desk: Changing, activity_id: UUID) -> Response:
    """Open it for sign-up."""
    return await _act(desk, activity_id, lambda session: publish_activity(session, desk.actor, activity_id))


@router.post("/{activity_id}/cancel")
async def cancel(desk: Changing, activity_id: UUID) -> Response:
    """Call it off with all shifts ahead; everybody is told."""
    why = desk.typed.get("why")
    return await _act(
        desk, activity_id, lambda session: cancel_activity(session, desk.actor, activity_id, why)
    )


@router.post("/{activity_id}/copy")
async def copy(desk: Changing, activity_id: UUID) -> Response:
    """A draft like it, beginning on another day at the time of its first shift that was not called off."""
    async with desk.parts.sessions() as session:
        community = await get_planning_community(session, desk)
        _, lines = await find_shifts_of(session, desk.actor, activity_id)
    first = next((line for line in lines if line.shift.cancelled_at is None), lines[0])
    clock = first.shift.starts_at.astimezone(ZoneInfo(community.zone)).strftime("%H:%M")
    return await _act(
        desk,
        activity_id,
        lambda session: copy_activity(
            session, desk.actor, activity_id, read_moment(desk.typed.get("date", 10), clock, community.zone)
        ),
    )


def month_to_fill(first: date, zone: str) -> date:
    """The month that most of a board's four weeks from `first` on belong to; this one where that is none to plan."""
    month = (first + timedelta(days=BOARD_DAYS // 2)).replace(day=1)
    return month if is_ahead(month, zone) else this_month(zone)


def is_short(line: ShiftLine) -> bool:
    """Whether a shift lacks volunteers so near to its day that staff should look."""
    places = line.of(Part.VOLUNTEER)
    near = timedelta() < line.shift.starts_at - now() <= timedelta(days=line.activity.warn_days)
    return near and places is not None and places.free > 0 and line.shift.cancelled_at is None


async def get_planning_community(session: AsyncSession, desk: Desk) -> Community:
    """The community for which the person plans; raises NotFound for whoever plans nothing."""
    workplace = await get_workplace(session, desk.actor)
    if workplace.community is None or desk.actor.role not in PLANNERS:
        raise NotFound
    return workplace.community


async def _act(desk: Desk, activity_id: UUID, do: Do) -> Response:
    try:
        async with desk.parts.sessions.begin() as session:
            done = await do(session)
    except (NotFound, NotAllowed):
        raise
    except Refused as error:
        async with desk.parts.sessions() as session:
            return await _draw_one(session, desk, activity_id, refusal=error)
    return desk.go(f"{ACTIVITIES}/{done.id}")


async def _draw_one(
    session: AsyncSession, desk: Desk, activity_id: UUID, refusal: Refused | None = None
) -> Response:
    activity, lines = await find_shifts_of(session, desk.actor, activity_id)
    return await desk.draw(
        session,
        "activity.html",
        status=409 if refusal else 200,
        refusal=desk.say(refusal) if refusal else "",
        activity=activity,
        lines=lines,
        may_run=may_run(desk.actor, activity),
        kind=get_activity_kind(activity.kind),
        rule=say_rule(activity.rule, desk.language) if activity.rule else "",
        is_short=is_short,
        ahead=any(line.shift.starts_at > now() and not line.shift.cancelled_at for line in lines),
        parts=tuple(Part),
    )


def _by_day(lines: list[ShiftLine], zone: ZoneInfo) -> list[tuple[date, list[ShiftLine]]]:
    days: dict[date, list[ShiftLine]] = {}
    for line in lines:
        days.setdefault(line.shift.starts_at.astimezone(zone).date(), []).append(line)
    return sorted(days.items())
