"""Me: language, size of text, home, channels, the committee's phone and hours, and what is kept about the person."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from channels.links import PageLinks, is_page
from community.clock import now
from community.contact.queries import get_preference
from community.errors import NotAllowed
from community.residents.models import AddressState, Language
from community.residents.queries import find_addresses
from community.residents.usecases import choose_language
from web.pages import SIZE_COOKIE, SIZES, YEAR, keep_language
from web.parts import Held, Parts
from web.refusals import DoorRefused
from web.residents.drawing import Tongue, draw, see_other
from web.residents.forms import take_form
from web.residents.here import Here, find_here, get_resident_here
from web.residents.hours import is_open_now, tell_hours
from web.residents.passes import Passes

router = APIRouter()


@router.get("/m/me", response_class=HTMLResponse)
async def me(request: Request, parts: Held) -> HTMLResponse:
    """The page; for a visitor who said nothing yet only what needs no person."""
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        addresses = await find_addresses(session, here.resident_id) if here.resident_id else []
        wishes = await get_preference(session, here.resident_id) if here.resident_id else None
    office, visitor = here.community, parts.identity.find(request)
    values = {
        "tab": "me",
        "addresses": addresses,
        "channels": sorted({each.channel for each in addresses if each.state is AddressState.ACTIVE}),
        "chosen": wishes.channel if wishes else None,
        "this_browser": visitor.outside_id if visitor else "",
        "sizes": ("", *SIZES),
        "hours": tell_hours(office.office_hours, Tongue(here).t) if office else [],
        "is_open": is_open_now(office, now()) if office else None,
    }
    return draw(request, parts, here, "me.html", values)


@router.post("/m/language")
async def language(request: Request, parts: Held) -> Response:
    """Pages and bubbles speak this language from now on; back to where the person was."""
    here = await _here(request, parts)
    form = await take_form(request, parts, here.resident_id)
    if form.fields.get("language") not in list(Language):
        raise DoorRefused(400, "request_unreadable")
    chosen = Language(form.fields["language"])
    if here.resident_id is not None:
        async with parts.sessions.begin() as session:
            await choose_language(session, here.resident_id, chosen)
    back = form.fields.get("back", "")
    answer = see_other(back if is_page(back) else "/m/me")
    keep_language(answer, chosen.value, secure=parts.settings.secure)
    return answer


@router.post("/m/size")
async def size(request: Request, parts: Held) -> Response:
    """Points of the main text on this browser; empty for the usual size."""
    here = await _here(request, parts)
    chosen = (await take_form(request, parts, here.resident_id)).fields.get("size", "")
    answer = see_other("/m/me", "saved")
    if chosen in SIZES:
        answer.set_cookie(
            SIZE_COOKIE, chosen, max_age=YEAR, path="/", secure=parts.settings.secure, samesite="lax"
        )
    else:
        answer.delete_cookie(SIZE_COOKIE, path="/")
    return answer


@router.post("/m/me/link", response_class=HTMLResponse)
async def link(request: Request, parts: Held) -> HTMLResponse:
    """A link that opens the person's pages on another device; who came by one gets no further one."""
    async with parts.sessions() as session:
        here, resident_id = await get_resident_here(session, request, parts)
    await take_form(request, parts, resident_id)
    if here.by_link:
        raise NotAllowed
    address = PageLinks(parts.settings).make(resident_id)
    return draw(request, parts, here, "link.html", {"tab": "me", "address": address})


@router.post("/m/leave")
async def leave(request: Request, parts: Held) -> Response:
    """Somebody who came by a link leaves this browser."""
    here = await _here(request, parts)
    await take_form(request, parts, here.resident_id)
    answer = see_other("/m/me")
    Passes(parts.settings).take(answer)
    return answer


async def _here(request: Request, parts: Parts) -> Here:
    async with parts.sessions() as session:
        return await find_here(session, request, parts)
