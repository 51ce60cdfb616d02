"""My shifts and my record: what I am signed up for, hours so far, and the feed for the calendar of a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from channels.render import in_language
from community.activities.feeds import find_feed, has_feed, make_feed, revoke_feed
from community.activities.kinds import get_activity_kind
from community.activities.queries import find_open_shifts
from community.clock import now
from community.credits.models import CreditLine
from community.credits.usecases import MOST_HOURS, find_lines, get_balance, keeps_time_bank
from community.errors import NotFound
from community.residents.queries import get_profile
from community.residents.usecases import find_community
from community.signups.certificates import find_certified_name
from community.signups.queries import find_hours, find_own_open, find_own_past
from community.signups.usecases.wishes import CONFIRMS, REMINDS, find_reminder_wish
from community.swaps.queries import find_asked, find_own_asked
from community.teams.queries import find_own_teams
from web.calendars import Date, calendar_file
from web.pages import page_language
from web.parts import Held, Parts
from web.residents.activities import AHEAD
from web.residents.drawing import draw, draw_stranger, see_other
from web.residents.forms import take_form
from web.residents.here import Here, find_here, get_resident_here
from web.words import words_for

router = APIRouter()
MINE = "/m/shifts"
RATED_WITHIN = timedelta(days=30)
LINES = 10


@router.get("/m/shifts", response_class=HTMLResponse)
async def my_shifts(request: Request, parts: Held) -> HTMLResponse:
    """What is ahead and what was, with the hours."""
    return await draw_shifts(request, parts)


@router.post("/m/shifts/feed", response_class=HTMLResponse)
async def make_link(request: Request, parts: Held) -> HTMLResponse:
    """A new link for the feed, shown once; the one before it ends."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
    await take_form(request, parts, resident_id)
    async with parts.sessions.begin() as session:
        secret = await make_feed(session, resident_id)
    return await draw_shifts(request, parts, link=f"{parts.settings.address}/calendar/{secret}.ics")


@router.post("/m/shifts/feed/stop")
async def stop_link(request: Request, parts: Held) -> Response:
    """The link ends."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
    await take_form(request, parts, resident_id)
    async with parts.sessions.begin() as session:
        await revoke_feed(session, resident_id)
    return see_other(MINE, "saved")


@router.get("/calendar/community/{code}.ics")
async def community_feed(request: Request, parts: Held, code: str) -> Response:
    """Everything that is on in a community, for any calendar."""
    language = page_language(request)
    async with parts.sessions() as session:
        community = await find_community(session, code)
        if community is None:
            raise NotFound
        lines = await find_open_shifts(session, community.id, now(), now() + AHEAD, most=500)
    dates = [Date(line.shift, line.activity) for line in lines]
    return calendar_file(in_language(community.name, language), dates, language, community.code)


@router.get("/calendar/{secret}.ics")
async def own_feed(parts: Held, secret: str) -> Response:
    """The shifts of the person whose secret it is; an ended or unknown one opens nothing."""
    async with parts.sessions() as session:
        resident_id = await find_feed(session, secret)
        if resident_id is None:
            raise NotFound
        profile = await get_profile(session, resident_id)
        own = await find_own_open(session, resident_id, now())
    language = profile.resident.language.value if profile.resident.language else "zh"
    t = words_for("en" if language == "en" else "zh")
    dates = [
        Date(each.shift, each.activity, t(f"m_activities.state_{each.sign_up.state.value}")) for each in own
    ]
    return calendar_file(t("m_activities.mine"), dates, language, "linli")


@dataclass(frozen=True, slots=True)
class Bank:
    """The person's account in the time bank."""

    minutes: int
    lines: Sequence[CreditLine]


async def _find_bank(session: AsyncSession, here: Here) -> Bank | None:
    """The account, where the community keeps a time bank or something is left of it."""
    if here.resident_id is None or here.community is None:
        return None
    minutes = await get_balance(session, here.resident_id, here.community.id)
    if not minutes and not await keeps_time_bank(session, here.community.id):
        return None
    return Bank(minutes, await find_lines(session, here.resident_id, LINES))


async def draw_shifts(request: Request, parts: Parts, *, link: str = "", problem: str = "") -> HTMLResponse:
    """The page, with a link that was just made, or what was wrong with a form."""
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        if here.resident_id is None:
            return draw_stranger(request, parts, here, "activities")
        values = {
            "tab": "activities",
            "ahead": await find_own_open(session, here.resident_id, now()),
            "past": await find_own_past(session, here.resident_id),
            "hours": await find_hours(session, here.resident_id),
            "has_feed": await has_feed(session, here.resident_id),
            "kind_of": get_activity_kind,
            "link": link,
            "problem": problem,
            "own_name": (here.profile.resident.name or "") if here.profile else "",
            "fixed_name": await find_certified_name(session, here.resident_id),
            "request_id": uuid4(),
            "swaps": await find_asked(session, here.resident_id, now()),
            "own_swaps": await find_own_asked(session, here.resident_id),
            "teams": await find_own_teams(session, here.resident_id),
            "wish": await find_reminder_wish(session, here.resident_id),
            "confirms": CONFIRMS,
            "reminds": REMINDS,
            "bank": await _find_bank(session, here),
            "most_hours": MOST_HOURS,
            "may_rate": now() - RATED_WITHIN,
            "community_feed": f"{parts.settings.address}/calendar/community/{here.community.code}.ics"
            if here.community
            else "",
        }
    return draw(request, parts, here, "shifts.html", values, status=422 if problem else 200)
