"""One shift at the console: who comes, arrivals with the code of the minute, hours, moving it, the search."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from uuid import UUID
from zoneinfo import ZoneInfo

import segno
from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.kinds import get_activity_kind
from community.activities.models import Part
from community.activities.queries import get_shift_line
from community.activities.rights import may_run
from community.clock import now
from community.errors import NotFound, Refused
from community.signups.models import COMING
from community.signups.queries import find_people
from community.signups.relations import get_relation
from community.signups.usecases.arriving import (
    check_in_by_leader,
    check_out_by_leader,
    code_of,
    is_listed,
    is_open,
)
from community.signups.usecases.changing import change_places
from community.signups.usecases.ending import correct_minutes
from community.signups.usecases.moving import cancel_shift, move_shift
from community.substitutes.queries import find_search
from community.substitutes.usecases import call_for_more, stop_search
from linli.text import TextRefused
from web.staff.activities import get_planning_community
from web.staff.desk import Changing, Desk, Looking
from web.staff.plan_form import read_moment
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/activities/shifts")
SHIFTS = "/staff/activities/shifts"
Do = Callable[[AsyncSession], Awaitable[object]]


@router.get("/{shift_id}")
async def shift(desk: Looking, shift_id: UUID) -> Response:
    """The shift with its people, for who runs the activity."""
    return await _draw(desk, shift_id)


@router.get("/{shift_id}/code")
async def code(desk: Looking, shift_id: UUID) -> Response:
    """The code of this minute, large, for a screen on the spot; the page comes again by itself."""
    async with desk.parts.sessions() as session:
        community = await get_planning_community(session, desk)
        line = await get_shift_line(session, community.id, shift_id)
        if not may_run(desk.actor, line.activity):
            raise NotFound
        return await desk.draw(
            session,
            "shift_code.html",
            line=line,
            is_open=is_open(line.shift, now()),
            code=code_of(line.shift, now()),
            minute=int(now().timestamp()) // 60,
        )


@router.get("/{shift_id}/code.svg")
async def code_to_scan(desk: Looking, shift_id: UUID) -> Response:
    """The QR of this minute: it opens the page of arriving with the digits filled in."""
    async with desk.parts.sessions() as session:
        community = await get_planning_community(session, desk)
        line = await get_shift_line(session, community.id, shift_id)
        if not may_run(desk.actor, line.activity) or not is_open(line.shift, now()):
            raise NotFound
    address = f"{desk.parts.settings.address}/m/check-in/{shift_id}?code={code_of(line.shift, now())}"
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", scale=8, border=2)
    return Response(drawn.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@router.post("/{shift_id}/gone")
async def gone(desk: Changing, shift_id: UUID) -> Response:
    """Somebody goes; their hours count until now."""
    sign_up = desk.typed.id("sign_up")
    return await _act(desk, shift_id, lambda session: check_out_by_leader(session, desk.actor, sign_up))


@router.post("/{shift_id}/places")
async def places(desk: Changing, shift_id: UUID) -> Response:
    """Another number of places; who waits is offered what is new."""
    typed, told = desk.typed.get("places", 4), desk.typed.get("part", 20)
    many = int(typed) if typed.isascii() and typed.isdigit() else 0
    part = Part(told) if told in set(Part) else Part.VOLUNTEER
    return await _act(
        desk, shift_id, lambda session: change_places(session, desk.actor, shift_id, part, many)
    )


@router.post("/{shift_id}/arrived")
async def arrived(desk: Changing, shift_id: UUID) -> Response:
    """Somebody is there, phone or not."""
    sign_up = desk.typed.id("sign_up")
    return await _act(desk, shift_id, lambda session: check_in_by_leader(session, desk.actor, sign_up))


@router.post("/{shift_id}/minutes")
async def minutes(desk: Changing, shift_id: UUID) -> Response:
    """Other hours, with the reason."""
    sign_up, typed = desk.typed.id("sign_up"), desk.typed.get("minutes", 4)
    many = int(typed) if typed.isascii() and typed.isdigit() else -1
    why = desk.typed.get("why")
    return await _act(
        desk, shift_id, lambda session: correct_minutes(session, desk.actor, sign_up, many, why)
    )


@router.post("/{shift_id}/call")
async def call(desk: Changing, shift_id: UUID) -> Response:
    """Ask volunteers to fill what is free."""
    return await _act(desk, shift_id, lambda session: call_for_more(session, desk.actor, shift_id))


@router.post("/{shift_id}/stop")
async def stop(desk: Changing, shift_id: UUID) -> Response:
    """Ask nobody more."""
    search_id = desk.typed.id("search")
    return await _act(desk, shift_id, lambda session: stop_search(session, desk.actor, search_id))


@router.post("/{shift_id}/move")
async def move(desk: Changing, shift_id: UUID) -> Response:
    """Another time; everybody is told and asked again."""

    async def do(session: AsyncSession) -> object:
        community = await get_planning_community(session, desk)
        typed = desk.typed
        starts = read_moment(typed.get("date", 10), typed.get("starts", 5), community.zone)
        ends = read_moment(typed.get("date", 10), typed.get("ends", 5), community.zone)
        return await move_shift(session, desk.actor, shift_id, starts, ends)

    return await _act(desk, shift_id, do)


@router.post("/{shift_id}/cancel")
async def cancel(desk: Changing, shift_id: UUID) -> Response:
    """Call it off; everybody is told, with the reason."""
    why = desk.typed.get("why")
    return await _act(desk, shift_id, lambda session: cancel_shift(session, desk.actor, shift_id, why))


async def _act(desk: Desk, shift_id: UUID, do: Do) -> Response:
    try:
        async with desk.parts.sessions.begin() as session:
            await do(session)
    except (Refused, TextRefused) as error:
        if isinstance(error, NotFound):
            raise
        return await _draw(desk, shift_id, refusal=error)
    return desk.go(f"{SHIFTS}/{shift_id}")


async def _draw(desk: Desk, shift_id: UUID, refusal: Refused | TextRefused | None = None) -> Response:
    async with desk.parts.sessions() as session:
        community = await get_planning_community(session, desk)
        line = await get_shift_line(session, community.id, shift_id)
        people = await find_people(session, desk.actor, shift_id, now())
        zone = ZoneInfo(community.zone)
        return await desk.draw(
            session,
            "shift.html",
            status=422 if refusal else 200,
            refusal=desk.say(refusal) if refusal else "",
            line=line,
            people=people,
            kind=get_activity_kind(line.activity.kind),
            search=await find_search(session, shift_id),
            relations=lambda codes: ("、" if desk.language == "zh" else ", ").join(
                get_relation(code).name[desk.language] for code in codes
            ),
            coming=COMING,
            is_listed=is_listed(line.shift, now()),
            begun=line.shift.starts_at <= now(),
            over=line.shift.ended_at is not None,
            starts=line.shift.starts_at.astimezone(zone),
            ends=line.shift.ends_at.astimezone(zone),
            helpers=line.of(Part.VOLUNTEER),
        )
