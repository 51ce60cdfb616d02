"""Volunteers at the console: the list, one person with what was confirmed of them, homes that wait to be confirmed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.qualifications import confirm_qualification, end_qualification
from community.clock import now
from community.credits.usecases import keeps_time_bank, set_time_bank
from community.errors import NotFound, Refused
from community.homes.usecases import CONFIRMERS, confirm_home, reject_home
from community.parties.models import Role
from community.signups.people import (
    PAGE,
    find_claims,
    find_helpers,
    find_known_qualifications,
    get_person,
)
from linli.text import TextRefused
from web.staff.activities import get_planning_community
from web.staff.desk import Changing, Desk, Looking
from web.staff.plan_form import read_moment
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/activities/people")
PEOPLE = "/staff/activities/people"
LAST_PAGE = 10_000


@router.get("")
async def people(desk: Looking, phone: str = "", page: int = 1) -> Response:
    """Who helps, the newest first."""
    async with desk.parts.sessions() as session:
        community = await get_planning_community(session, desk)
        nth = min(max(page, 1), LAST_PAGE)
        found = await find_helpers(session, desk.actor, now(), phone[:40], nth)
        return await desk.draw(
            session,
            "volunteers.html",
            people=found,
            phone=phone[:40],
            page=nth,
            more=len(found) == PAGE,
            confirms=desk.actor.role in CONFIRMERS,
            bank=await keeps_time_bank(session, community.id),
            may_bank=desk.actor.role is Role.COMMITTEE,
        )


@router.post("/time-bank")
async def time_bank(desk: Changing) -> Response:
    """Begin or end the community's time bank."""
    async with desk.parts.sessions.begin() as session:
        await get_planning_community(session, desk)
        await set_time_bank(session, desk.actor, kept=desk.typed.get("kept") == "1")
    return desk.go(PEOPLE)


@router.get("/homes")
async def homes(desk: Looking) -> Response:
    """Homes that were said and that nobody has confirmed."""
    async with desk.parts.sessions() as session:
        return await desk.draw(session, "homes.html", claims=await find_claims(session, desk.actor))


@router.get("/{resident_id}")
async def person(desk: Looking, resident_id: UUID) -> Response:
    """One person across shifts."""
    return await _draw(desk, resident_id)


@router.post("/{resident_id}/qualification")
async def qualify(desk: Changing, resident_id: UUID) -> Response:
    """It was seen, and holds until the end of a day, or for good."""
    try:
        async with desk.parts.sessions.begin() as session:
            await get_person(session, desk.actor, resident_id, now())
            community = await get_planning_community(session, desk)
            day = desk.typed.get("until", 10)
            until = read_moment(day, "00:00", community.zone) + timedelta(days=1) if day else None
            await confirm_qualification(session, desk.actor, resident_id, desk.typed.get("code", 40), until)
    except NotFound:
        raise
    except (Refused, TextRefused) as error:
        return await _draw(desk, resident_id, refusal=error)
    return desk.go(f"{PEOPLE}/{resident_id}")


@router.post("/{resident_id}/qualification/end")
async def disqualify(desk: Changing, resident_id: UUID) -> Response:
    """It holds no more."""
    async with desk.parts.sessions.begin() as session:
        await get_person(session, desk.actor, resident_id, now())
        await end_qualification(session, desk.actor, resident_id, desk.typed.get("code", 40))
    return desk.go(f"{PEOPLE}/{resident_id}")


@router.post("/{resident_id}/home")
async def home(desk: Changing, resident_id: UUID) -> Response:
    """The home is as they said, or it is not."""
    act = confirm_home if desk.typed.get("answer") == "confirm" else reject_home
    async with desk.parts.sessions.begin() as session:
        await act(session, desk.actor, resident_id)
    return desk.go(f"{PEOPLE}/homes" if desk.typed.get("from") == "homes" else f"{PEOPLE}/{resident_id}")


async def _draw(desk: Desk, resident_id: UUID, refusal: Refused | TextRefused | None = None) -> Response:
    async with desk.parts.sessions() as session:
        community = await get_planning_community(session, desk)
        return await _draw_person(session, desk, resident_id, community.id, refusal)


async def _draw_person(
    session: AsyncSession,
    desk: Desk,
    resident_id: UUID,
    community_id: UUID,
    refusal: Refused | TextRefused | None,
) -> Response:
    return await desk.draw(
        session,
        "volunteer.html",
        status=422 if refusal else 200,
        refusal=desk.say(refusal) if refusal else "",
        person=await get_person(session, desk.actor, resident_id, now()),
        known=await find_known_qualifications(session, community_id),
        confirms=desk.actor.role in CONFIRMERS,
        at=now(),
    )
