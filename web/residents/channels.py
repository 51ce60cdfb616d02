"""A person's channels on the page: six digits that link another one, letting one go, where notices go."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from community.contact.usecases import set_preference
from community.errors import NotAllowed
from community.linking.codes import make_code
from community.linking.unlinking import unlink_address
from web.parts import Held, Parts
from web.residents.drawing import draw, see_other
from web.residents.forms import Form, take_form
from web.residents.here import Here, get_resident_here

router = APIRouter(prefix="/m/me/channels")


@router.post("/code", response_class=HTMLResponse)
async def show_code(request: Request, parts: Held) -> HTMLResponse:
    """Six digits to be typed on another channel, shown once; not for who came by a link that may go round."""
    here, resident_id, _ = await _take(request, parts)
    async with parts.sessions.begin() as session:
        code = await make_code(session, resident_id=resident_id)
    return draw(request, parts, here, "link_code.html", {"tab": "me", "code": code})


@router.post("/{address_id}/unlink")
async def unlink(request: Request, parts: Held, address_id: UUID) -> Response:
    """The channel is not the person's any more."""
    _, resident_id, _ = await _take(request, parts)
    async with parts.sessions.begin() as session:
        await unlink_address(session, resident_id, address_id)
    return see_other("/m/me", "saved")


@router.post("/where")
async def choose(request: Request, parts: Held) -> Response:
    """Where notices go from now on; empty is the channel used last."""
    _, resident_id, form = await _take(request, parts)
    async with parts.sessions.begin() as session:
        await set_preference(session, resident_id, channel=form.fields.get("channel") or None)
    return see_other("/m/me", "saved")


async def _take(request: Request, parts: Parts) -> tuple[Here, UUID, Form]:
    async with parts.sessions() as session:
        here, resident_id = await get_resident_here(session, request, parts)
    form = await take_form(request, parts, resident_id)
    if here.by_link:
        raise NotAllowed
    return here, resident_id, form
