"""The door for people who come from a chat in another browser: a signed link becomes a pass."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from channels.links import PageLinks
from web.parts import Held, Parts
from web.refusals import DoorRefused
from web.residents.drawing import draw, see_other
from web.residents.forms import take_form
from web.residents.here import Here, find_here
from web.residents.passes import Passes

router = APIRouter()


@router.get("/m/enter")
async def enter(request: Request, parts: Held, t: str = "") -> Response:
    """Open the pages of the link. A browser that belongs to somebody else's chat asks first, since a stranger may have
    sent the link so that one writes into the stranger's pages."""
    invitation = PageLinks(parts.settings).read(t)
    if invitation is None:
        raise DoorRefused(403, "link_too_old")
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
    if here.resident_id not in (None, invitation.resident_id):
        answer: Response = draw(request, parts, here, "enter.html", {"tab": "", "invitation": t})
    elif here.resident_id == invitation.resident_id:
        answer = see_other(invitation.to)
    else:
        answer = _open(parts, t)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@router.post("/m/enter")
async def confirm(request: Request, parts: Held) -> Response:
    """The person chose to open the link's pages although the browser has pages of its own."""
    here = await _here(request, parts)
    form = await take_form(request, parts, here.resident_id)
    return _open(parts, form.fields.get("invitation", ""))


def _open(parts: Parts, token: str) -> Response:
    invitation = PageLinks(parts.settings).read(token)
    if invitation is None:
        raise DoorRefused(403, "link_too_old")
    answer = see_other(invitation.to)
    Passes(parts.settings).give(answer, invitation.resident_id)
    return answer


async def _here(request: Request, parts: Parts) -> Here:
    async with parts.sessions() as session:
        return await find_here(session, request, parts)
