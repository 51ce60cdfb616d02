"""Notices of the community that are valid now: the list, and one of them."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from community.clock import now
from community.errors import NotFound
from community.notices.queries import find_valid_notices, get_valid_notice
from web.parts import Held
from web.residents.drawing import draw
from web.residents.here import find_here

router = APIRouter()
MOST = 50


@router.get("/m/notices", response_class=HTMLResponse)
async def notices(request: Request, parts: Held) -> HTMLResponse:
    """Valid notices, newest first."""
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        if here.community is None:
            return draw(request, parts, here, "no_community.html", {"tab": "notices"})
        found = await find_valid_notices(session, here.community.id, now(), MOST)
    return draw(request, parts, here, "notices.html", {"tab": "notices", "notices": found})


@router.get("/m/notices/{notice_id}", response_class=HTMLResponse)
async def one_notice(request: Request, parts: Held, notice_id: UUID) -> HTMLResponse:
    """One valid notice of the person's community; any other is as if there were none."""
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        if here.community is None:
            raise NotFound
        notice = await get_valid_notice(session, here.community.id, notice_id, now())
    return draw(request, parts, here, "notice.html", {"tab": "notices", "notice": notice})
