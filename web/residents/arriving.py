"""Arriving and going by page: the QR of the spot opens the first, with the digits of the minute in it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from channels.render import render_text
from community.errors import NotFound, Refused
from community.signups.queries import find_own_in
from community.signups.usecases.arriving import check_in, check_out, count_code
from web.parts import Held, Parts
from web.residents.activities import get_line
from web.residents.drawing import draw, draw_stranger, see_other
from web.residents.forms import take_form
from web.residents.here import find_here, get_resident_here

router = APIRouter()
ACTIVITIES = "/m/activities"


@router.get("/m/check-in/{shift_id}", response_class=HTMLResponse)
async def arrive(request: Request, parts: Held, shift_id: UUID, code: str = "") -> HTMLResponse:
    """One button where the QR brought the digits; nothing is noted before it is tapped."""
    return await _draw(request, parts, shift_id, code)


@router.post("/m/check-in/{shift_id}")
async def arrived(request: Request, parts: Held, shift_id: UUID) -> Response:
    """Note that the person is there, where the digits are those of this minute or the last."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
        own = (await find_own_in(session, resident_id, [shift_id])).get(shift_id)
    form = await take_form(request, parts, resident_id)
    if own is None:
        raise NotFound
    async with parts.sessions.begin() as session:
        await count_code(session, resident_id)
    try:
        async with parts.sessions.begin() as session:
            await check_in(session, resident_id, own.sign_up.id, form.fields.get("code", "").strip())
    except NotFound:
        raise
    except Refused as error:
        return await _draw(request, parts, shift_id, refusal=error)
    return see_other(f"{ACTIVITIES}/{shift_id}", "arrived")


@router.post("/m/check-out/{sign_up_id}")
async def gone(request: Request, parts: Held, sign_up_id: UUID) -> Response:
    """The person goes; hours count until now."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
    await take_form(request, parts, resident_id)
    async with parts.sessions.begin() as session:
        held = await check_out(session, resident_id, sign_up_id)
        shift_id = held.shift.id
    return see_other(f"{ACTIVITIES}/{shift_id}", "gone")


async def _draw(
    request: Request, parts: Parts, shift_id: UUID, code: str = "", refusal: Refused | None = None
) -> HTMLResponse:
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        if here.resident_id is None:
            return draw_stranger(request, parts, here, "activities")
        line = await get_line(session, here, shift_id)
        own = (await find_own_in(session, here.resident_id, [shift_id])).get(shift_id)
    problem = render_text(refusal.message, here.language, refusal.values, here.zone) if refusal else ""
    values = {
        "tab": "activities",
        "line": line,
        "own": own,
        "code": code if len(code) == 4 and code.isascii() and code.isdigit() else "",
        "problem": problem,
    }
    return draw(request, parts, here, "check_in.html", values, status=422 if refusal else 200)
