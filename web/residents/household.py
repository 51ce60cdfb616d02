"""A household lets one of its own in: a code from whoever's home is confirmed, typed by whoever lives there too."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from channels.render import render_text
from community.errors import Refused
from community.homes.usecases import count_household_code, join_household, make_household_code
from web.parts import Held, Parts
from web.residents.drawing import draw, see_other
from web.residents.forms import take_form
from web.residents.here import get_resident_here

router = APIRouter()


@router.get("/m/me/household", response_class=HTMLResponse)
async def household(request: Request, parts: Held) -> HTMLResponse:
    """Make a code, or type one."""
    return await _draw(request, parts)


@router.post("/m/me/household/code", response_class=HTMLResponse)
async def make_code(request: Request, parts: Held) -> HTMLResponse:
    """A new code, shown once; the one before it ends."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
    await take_form(request, parts, resident_id)
    try:
        async with parts.sessions.begin() as session:
            code = await make_household_code(session, resident_id)
    except Refused as error:
        return await _draw(request, parts, refusal=error)
    return await _draw(request, parts, code=code)


@router.post("/m/me/household")
async def join(request: Request, parts: Held) -> Response:
    """Live where the code says, confirmed; a wrong one is said on the same page."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
    form = await take_form(request, parts, resident_id)
    async with parts.sessions.begin() as session:
        await count_household_code(session, resident_id)
    try:
        async with parts.sessions.begin() as session:
            await join_household(session, resident_id, form.fields.get("code", "")[:20])
    except Refused as error:
        return await _draw(request, parts, refusal=error)
    return see_other("/m/me", "home")


async def _draw(
    request: Request, parts: Parts, *, code: str = "", refusal: Refused | None = None
) -> HTMLResponse:
    async with parts.sessions() as session:
        here, _ = await get_resident_here(session, request, parts)
    problem = render_text(refusal.message, here.language, refusal.values, here.zone) if refusal else ""
    values = {"tab": "me", "code": code, "problem": problem}
    return draw(request, parts, here, "household.html", values, status=422 if refusal else 200)
