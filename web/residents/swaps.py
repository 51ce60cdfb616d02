"""Swapping on the page: choose another shift for one's own, and answer a neighbour who asks."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from channels.render import render_text
from community.clock import now
from community.errors import NotFound, Refused
from community.signups.queries import get_own
from community.swaps.agreeing import agree_swap
from community.swaps.candidates import find_swappable
from community.swaps.usecases import ask_swap, refuse_swap
from web.parts import Held, Parts
from web.residents.drawing import draw, see_other
from web.residents.forms import take_form
from web.residents.here import get_resident_here

router = APIRouter()
AHEAD, MOST = timedelta(days=60), 20
MINE = "/m/shifts"


@router.get("/m/swaps/{sign_up_id}", response_class=HTMLResponse)
async def choose(request: Request, parts: Held, sign_up_id: UUID) -> HTMLResponse:
    """The shifts for which one's own can be swapped."""
    return await _draw(request, parts, sign_up_id)


@router.post("/m/swaps/{sign_up_id}")
async def ask(request: Request, parts: Held, sign_up_id: UUID) -> Response:
    """Ask the volunteers of the chosen shift; a refusal stands on the same page."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
        await get_own(session, resident_id, sign_up_id)
    form = await take_form(request, parts, resident_id)
    shift_id, request_id = form.id("shift"), form.id("request_id")
    try:
        async with parts.sessions.begin() as session:
            await ask_swap(session, resident_id, sign_up_id, shift_id, request_id=request_id)
    except NotFound:
        raise
    except Refused as error:
        return await _draw(request, parts, sign_up_id, refusal=error)
    return see_other(MINE, "swap_asked")


@router.post("/m/swaps/{swap_id}/{answer}")
async def answer(request: Request, parts: Held, swap_id: UUID, answer: str) -> Response:
    """Agree, or keep one's own shift."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
    await take_form(request, parts, resident_id)
    if answer not in ("agree", "refuse"):
        raise NotFound
    async with parts.sessions.begin() as session:
        await (agree_swap if answer == "agree" else refuse_swap)(session, resident_id, swap_id)
    return see_other(MINE, "swapped" if answer == "agree" else "not_swapped")


async def _draw(
    request: Request, parts: Parts, sign_up_id: UUID, refusal: Refused | None = None
) -> HTMLResponse:
    async with parts.sessions() as session:
        here, resident_id = await get_resident_here(session, request, parts)
        own = await get_own(session, resident_id, sign_up_id)
        found = await find_swappable(session, own.sign_up, own.activity, now(), now() + AHEAD, MOST)
    problem = render_text(refusal.message, here.language, refusal.values, here.zone) if refusal else ""
    values = {
        "tab": "activities",
        "own": own,
        "found": found if own.is_coming else [],
        "problem": problem,
        "request_id": uuid4(),
    }
    return draw(request, parts, here, "swap.html", values, status=422 if refusal else 200)
