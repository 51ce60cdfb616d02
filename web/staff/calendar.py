"""The office calendar: the hours of the week, public holidays ahead, dates of its own, and who changed what."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.calendar.queries import find_changes, find_special_days, find_unknown_year
from community.calendar.usecases import forget_day, may_set_calendar, set_day, set_week
from community.clock import now
from community.errors import Refused
from community.needs.clocks import WEEKDAYS
from linli.text import TextRefused
from web.staff.chosen import Chosen, choose_community, is_closed
from web.staff.days import read_day
from web.staff.desk import Changing, Desk, Looking
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/calendar")
PAGE = "/staff/calendar"
Do = Callable[[AsyncSession], Awaitable[object]]
_BETWEEN = re.compile(r"\s*[-–—~～至到]\s*")
_NEXT = re.compile(r"[,，、;；\s]+")


@router.get("")
async def calendar(desk: Looking, community: UUID | None = None, done: str = "") -> Response:
    """The page; a year whose holidays nobody announced yet is said."""
    async with desk.parts.sessions() as session:
        return await _draw(session, desk, await choose_community(session, desk, community), done=done)


@router.post("/week")
async def week(desk: Changing) -> Response:
    """The usual hours of each day."""
    community = desk.typed.id("community")
    return await _do(
        desk,
        community,
        "week",
        lambda session: set_week(
            session,
            desk.actor,
            community,
            {day: read_openings(desk.typed.get(day)) for day in WEEKDAYS},
            desk.typed.words_if_any("why"),
        ),
    )


@router.post("/day")
async def day(desk: Changing) -> Response:
    """One date that differs: closed, or open in its own way."""
    typed, community = desk.typed, desk.typed.id("community")
    return await _do(
        desk,
        community,
        "day",
        lambda session: set_day(
            session,
            desk.actor,
            community,
            _read_date(typed.get("day")),
            [] if typed.get("closed") else read_openings(typed.get("hours")),
            typed.words_if_any("why"),
        ),
    )


@router.post("/forget")
async def forget(desk: Changing) -> Response:
    """The date is as the calendar says again."""
    community = desk.typed.id("community")
    return await _do(
        desk,
        community,
        "forget",
        lambda session: forget_day(session, desk.actor, community, _read_date(desk.typed.get("day"))),
    )


def read_openings(text: str) -> list[tuple[str, str]]:
    """08:30–12:00, 14:00–17:30 as pairs; nothing is closed. Raises Refused("hours_unclear")."""
    parts = [part for part in _NEXT.split(_BETWEEN.sub("-", text.strip())) if part]
    pairs = [part.split("-") for part in parts]
    if any(len(pair) != 2 for pair in pairs):
        raise Refused("hours_unclear")
    return [(opens, closes) for opens, closes in pairs]


async def _do(desk: Desk, community: UUID, name: str, do: Do) -> Response:
    try:
        async with desk.parts.sessions.begin() as session:
            await do(session)
    except (Refused, TextRefused) as error:
        if is_closed(error):
            raise
        async with desk.parts.sessions() as session:
            chosen = await choose_community(session, desk, community)
            return await _draw(session, desk, chosen, refused=name, refusal=desk.say(error), status=422)
    return desk.go(f"{PAGE}?community={community}&done={name}")


async def _draw(
    session: AsyncSession,
    desk: Desk,
    chosen: Chosen,
    *,
    status: int = 200,
    done: str = "",
    refused: str = "",
    refusal: str = "",
) -> Response:
    community = chosen.community
    today = now().astimezone(ZoneInfo(community.zone)).date()
    return await desk.draw(
        session,
        "calendar.html",
        status=status,
        chosen=chosen,
        weekdays=WEEKDAYS,
        week={day: _say(community.office_hours.get(day, ())) for day in WEEKDAYS},
        days=find_special_days(community, today),
        unknown_year=find_unknown_year(today),
        changes=await find_changes(session, community.id),
        may_set=may_set_calendar(desk.actor, community),
        today=today,
        say_openings=_say,
        done=done if done in ("week", "day", "forget") else "",
        refused=refused,
        refusal=refusal,
    )


def _say(openings: object) -> str:
    """08:30–12:00 14:00–17:30, of stored openings or of times."""
    if not isinstance(openings, (list, tuple)):
        return ""
    return " ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in openings)


def _clock(value: object) -> str:
    return value if isinstance(value, str) else f"{value:%H:%M}"


def _read_date(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise Refused("choose_one")
    return day
