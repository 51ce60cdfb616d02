"""Teams on the page: mine, joining one by its code; its leader signs the team up and keeps the list of who came."""

from __future__ import annotations

from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from channels.render import render_text
from community.activities.models import Part
from community.activities.queries import find_open_shifts
from community.actors import ResidentActor
from community.clock import now
from community.errors import NotFound, Refused
from community.signups.led import AHEAD, find_led_people, find_team_shifts
from community.signups.models import COMING
from community.signups.usecases.arriving import check_in_by_leader, check_out_by_leader, is_listed
from community.signups.usecases.ending import correct_minutes
from community.signups.usecases.teaming import join_as_team
from community.teams.queries import find_members, find_own_teams, get_own_team
from community.teams.usecases import count_team_code, join_team, leave_team
from linli.text import TextRefused
from web.parts import Held, Parts
from web.residents.activities import get_line
from web.residents.drawing import draw, draw_stranger, see_other
from web.residents.forms import Form, take_form
from web.residents.here import find_here, get_resident_here

router = APIRouter()
TEAMS = "/m/teams"
MOST_LISTED = 40


@router.get("/m/teams", response_class=HTMLResponse)
async def my_teams(request: Request, parts: Held) -> HTMLResponse:
    """The teams that I belong to, and the field for the code of another."""
    return await _draw_mine(request, parts)


@router.post("/m/teams")
async def become_member(request: Request, parts: Held) -> Response:
    """Join the team of a code; a wrong one is said on the same page."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
    form = await take_form(request, parts, resident_id)
    async with parts.sessions.begin() as session:
        await count_team_code(session, resident_id)
    try:
        async with parts.sessions.begin() as session:
            team = await join_team(session, resident_id, form.fields.get("code", "")[:20])
            team_id = team.id
    except Refused as error:
        return await _draw_mine(request, parts, refusal=error)
    return see_other(f"{TEAMS}/{team_id}", "team_joined")


@router.get("/m/teams/{team_id}", response_class=HTMLResponse)
async def one_team(request: Request, parts: Held, team_id: UUID) -> HTMLResponse:
    """A team for its members; for its leader with code, list of members, and the shifts to sign up for."""
    return await _draw_one(request, parts, team_id)


@router.post("/m/teams/{team_id}/leave")
async def leave(request: Request, parts: Held, team_id: UUID) -> Response:
    """Leave, or as the leader take somebody off the list."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
    form = await take_form(request, parts, resident_id)
    member = form.id("member") if form.fields.get("member") else None
    async with parts.sessions.begin() as session:
        await leave_team(session, resident_id, team_id, member)
    return see_other(f"{TEAMS}/{team_id}" if member else TEAMS, "saved")


@router.post("/m/teams/{team_id}/join")
async def sign_up(request: Request, parts: Held, team_id: UUID) -> Response:
    """Sign the chosen members up for a shift."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
        members = await find_members(session, (await get_own_team(session, resident_id, team_id)).team.id)
    form = await take_form(request, parts, resident_id)
    chosen = [each.resident_id for each in members if form.fields.get(f"m_{each.resident_id}")]
    try:
        async with parts.sessions.begin() as session:
            await join_as_team(
                session, resident_id, team_id, form.id("shift"), chosen, request_id=form.id("request_id")
            )
    except NotFound:
        raise
    except Refused as error:
        return await _draw_one(request, parts, team_id, refusal=error)
    return see_other(f"{TEAMS}/{team_id}/shifts/{form.id('shift')}", "joined")


@router.get("/m/teams/{team_id}/shifts/{shift_id}", response_class=HTMLResponse)
async def leaders_list(request: Request, parts: Held, team_id: UUID, shift_id: UUID) -> HTMLResponse:
    """Who of the team comes, with or without a phone of their own."""
    return await _draw_list(request, parts, team_id, shift_id)


@router.post("/m/teams/{team_id}/shifts/{shift_id}/{act}")
async def note(request: Request, parts: Held, team_id: UUID, shift_id: UUID, act: str) -> Response:
    """Somebody is there, goes, or did other hours."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
    form = await take_form(request, parts, resident_id)
    try:
        async with parts.sessions.begin() as session:
            actor, sign_up_id = ResidentActor(resident_id), form.id("sign_up")
            if act == "arrived":
                await check_in_by_leader(session, actor, sign_up_id)
            elif act == "gone":
                await check_out_by_leader(session, actor, sign_up_id)
            elif act == "minutes":
                await correct_minutes(session, actor, sign_up_id, _minutes(form), form.fields.get("why", ""))
            else:
                raise NotFound
    except NotFound:
        raise
    except (Refused, TextRefused) as error:
        return await _draw_list(request, parts, team_id, shift_id, refusal=error)
    return see_other(f"{TEAMS}/{team_id}/shifts/{shift_id}", "saved")


def _minutes(form: Form) -> int:
    typed = form.fields.get("minutes", "")
    return int(typed) if len(typed) <= 4 and typed.isascii() and typed.isdigit() else -1


async def _draw_mine(request: Request, parts: Parts, refusal: Refused | None = None) -> HTMLResponse:
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        if here.resident_id is None:
            return draw_stranger(request, parts, here, "activities")
        teams = await find_own_teams(session, here.resident_id)
    problem = render_text(refusal.message, here.language, refusal.values, here.zone) if refusal else ""
    values = {"tab": "activities", "teams": teams, "problem": problem}
    return draw(request, parts, here, "teams.html", values, status=422 if refusal else 200)


async def _draw_one(
    request: Request, parts: Parts, team_id: UUID, refusal: Refused | None = None
) -> HTMLResponse:
    async with parts.sessions() as session:
        here, resident_id = await get_resident_here(session, request, parts)
        line = await get_own_team(session, resident_id, team_id)
        leads = line.team.leader_id == resident_id
        at = now()
        ahead = await find_open_shifts(session, line.team.community_id, at, at + AHEAD, most=MOST_LISTED)
        values = {
            "tab": "activities",
            "line": line,
            "leads": leads,
            "helping": Part.VOLUNTEER,
            "members": await find_members(session, team_id) if leads else [],
            "shifts": await find_team_shifts(session, line.team, at),
            "open": [each for each in ahead if (places := each.of(Part.VOLUNTEER)) and places.free > 0],
            "problem": render_text(refusal.message, here.language, refusal.values, here.zone)
            if refusal
            else "",
            "request_id": uuid4(),
        }
    return draw(request, parts, here, "team.html", values, status=422 if refusal else 200)


async def _draw_list(
    request: Request,
    parts: Parts,
    team_id: UUID,
    shift_id: UUID,
    refusal: Refused | TextRefused | None = None,
) -> HTMLResponse:
    async with parts.sessions() as session:
        here, resident_id = await get_resident_here(session, request, parts)
        team = (await get_own_team(session, resident_id, team_id)).team
        if team.leader_id != resident_id:
            raise NotFound
        line = await get_line(session, here, shift_id)
        people = await find_led_people(session, resident_id, shift_id)
    name, values = _words(refusal)
    drawn = {
        "tab": "activities",
        "team": team,
        "line": line,
        "people": people,
        "coming": COMING,
        "is_listed": is_listed(line.shift, now()),
        "problem": render_text(name, here.language, values, here.zone) if name else "",
    }
    return draw(request, parts, here, "team_list.html", drawn, status=422 if refusal else 200)


def _words(refusal: Refused | TextRefused | None) -> tuple[str, dict[str, object]]:
    if refusal is None:
        return "", {}
    if isinstance(refusal, TextRefused):
        return f"text_{refusal.reason}", {}
    return refusal.message, dict(refusal.values)
