"""Residents as the committee notes them for its notices: a list by building, tag or phone, and one person's form."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.errors import NotAllowed, NotFound, Refused
from community.places.queries import find_buildings
from community.residents.noting import PAGE, Wanted, find_noted, get_noted, may_note, note_about_resident
from community.residents.tags import TAGS
from web.staff.desk import Changing, Desk, Looking
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/residents")
RESIDENTS = "/staff/residents"
TAG = "tag-"


@router.get("")
async def residents(
    desk: Looking, place: str = "", tag: str = "", phone: str = "", after: UUID | None = None
) -> Response:
    """The people of the community that fit."""
    if not may_note(desk.actor) or desk.actor.community_id is None:
        raise NotFound
    wanted = Wanted(_id(place), tag if tag in TAGS else None, phone[:40])
    async with desk.parts.sessions() as session:
        found = await find_noted(session, desk.actor, wanted, after=after)
        return await desk.draw(
            session,
            "residents.html",
            found=found,
            wanted=wanted,
            buildings=await find_buildings(session, desk.actor.community_id),
            tags=TAGS,
            next=found[-1].resident.id if len(found) == PAGE else None,
        )


@router.get("/{resident_id}")
async def one(desk: Looking, resident_id: UUID) -> Response:
    """What is noted about one person."""
    async with desk.parts.sessions() as session:
        return await _draw_one(session, desk, resident_id)


@router.post("/{resident_id}")
async def note(desk: Changing, resident_id: UUID) -> Response:
    """Keep tags and year of birth."""
    tags = [name.removeprefix(TAG) for name in desk.typed.fields if name.startswith(TAG)]
    try:
        async with desk.parts.sessions.begin() as session:
            year = _year(desk.typed.get("birth_year", 10))
            await note_about_resident(session, desk.actor, resident_id, tags, year)
    except (NotFound, NotAllowed):
        raise
    except Refused as error:
        async with desk.parts.sessions() as session:
            return await _draw_one(session, desk, resident_id, refusal=desk.say(error))
    return desk.go(f"{RESIDENTS}/{resident_id}")


async def _draw_one(session: AsyncSession, desk: Desk, resident_id: UUID, *, refusal: str = "") -> Response:
    noted = await get_noted(session, desk.actor, resident_id)
    return await desk.draw(
        session,
        "resident.html",
        status=422 if refusal else 200,
        refusal=refusal,
        noted=noted,
        tags=TAGS,
        year=now().year,
    )


def _year(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Refused("birth_year_unclear")
    return int(text)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
