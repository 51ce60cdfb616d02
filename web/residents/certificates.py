"""The certificate of one's voluntary service as a PDF, and the page on which anybody verifies its number."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from channels.render import render_text
from community.errors import NotFound, Refused
from community.limits.usecases import count_use
from community.signups.certificates import Issued, get_certificate, issue_certificate
from linli.text import TextRefused, clean_text
from web.certificates import Sheet, draw_certificate
from web.parts import Held
from web.residents.drawing import draw, see_other
from web.residents.forms import take_form
from web.residents.here import find_here, get_resident_here
from web.residents.shifts import draw_shifts

router = APIRouter()
MOST_DRAWN, HOUR = 20, timedelta(hours=1)
"""Drawing one takes a second of the machine."""


@router.post("/m/certificates")
async def issue(request: Request, parts: Held) -> Response:
    """A certificate over all that is done so far, in the name that was typed."""
    async with parts.sessions() as session:
        here, resident_id = await get_resident_here(session, request, parts)
    form = await take_form(request, parts, resident_id)
    try:
        async with parts.sessions.begin() as session:
            made = await issue_certificate(session, resident_id, form.fields.get("name", ""))
    except NotFound:
        raise
    except Refused as error:
        return await draw_shifts(
            request, parts, problem=render_text(error.message, here.language, error.values)
        )
    except TextRefused as error:
        words = render_text(f"text_{error.reason}", here.language, {})
        return await draw_shifts(request, parts, problem=words)
    return see_other(f"/m/certificates/{made.number.lower()}")


@router.get("/m/certificates/{number}")
async def show(request: Request, parts: Held, number: str) -> Response:
    """One's own certificate, to save or print."""
    async with parts.sessions() as session:
        here, resident_id = await get_resident_here(session, request, parts)
        issued = await get_certificate(session, number, resident_id)
    async with parts.sessions.begin() as session:
        await count_use(session, f"certificates:{resident_id}", MOST_DRAWN, HOUR)
    sheet = Sheet(here.language, f"{parts.settings.address}/verify")
    content = await asyncio.to_thread(draw_certificate, issued, sheet)
    name = f'inline; filename="{issued.certificate.number}.pdf"'
    return Response(content, media_type="application/pdf", headers={"Content-Disposition": name})


@router.get("/verify", response_class=HTMLResponse)
async def verify(
    request: Request, parts: Held, number: Annotated[str, Query(max_length=40)] = ""
) -> HTMLResponse:
    """Whether a number stands for a certificate, and what it says; the name is veiled."""
    found: Issued | None = None
    typed = clean_text(number)
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        if typed:
            try:
                found = await get_certificate(session, typed)
            except NotFound:
                found = None
    values = {"tab": "", "number": typed, "found": found}
    return draw(request, parts, here, "verify.html", values)
