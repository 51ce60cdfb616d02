"""The public archive of a community's notices, for everybody: list and search, an Atom feed, a sheet to hang up."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.errors import NotFound
from community.notices.reading import anybody_in, find_latest
from community.places.models import Community
from community.residents.usecases import find_community
from web.pages import page_language
from web.parts import Held
from web.residents.atom import write_feed
from web.residents.drawing import draw
from web.residents.here import find_here
from web.residents.notices import After, Typed, find_listed, list_values
from web.residents.qr import draw_qr
from web.words import language_of

router = APIRouter()
MOST_FED = 50
FEED = "application/atom+xml; charset=utf-8"
Asked = Annotated[str | None, Query(max_length=10)]


@router.get("/m/notices/of/{code}", response_class=HTMLResponse)
async def archive(
    request: Request, parts: Held, code: str, q: Typed = "", past: bool = False, after: After = None
) -> HTMLResponse:
    """The public notices of a community, whoever asks."""
    async with parts.sessions() as session:
        community = await _get_community(session, code)
        here = await find_here(session, request, parts)
        anybody = replace(here, profile=None, community=community)
        found = await find_listed(session, anybody, community, q, past=past, after=after)
    values = list_values(found, q, past=past, after=after)
    shown = replace(here, community=community)
    return draw(request, parts, shown, "notices.html", {**values, "receipts": {}, "archive": community.code})


@router.get("/m/notices/of/{code}/feed.atom")
async def feed(request: Request, parts: Held, code: str, language: Asked = None) -> Response:
    """The newest public notices for readers of feeds; `?language=en` in English as far as there is any."""
    async with parts.sessions() as session:
        community = await _get_community(session, code)
        found = await find_latest(session, anybody_in(community), now(), MOST_FED)
    spoken = language_of(language) if language else page_language(request)
    content = write_feed(parts.settings.address, community, found, spoken)
    return Response(content, media_type=FEED, headers={"Cache-Control": "public, max-age=300"})


@router.get("/m/notices/of/{code}/poster", response_class=HTMLResponse)
async def poster(request: Request, parts: Held, code: str) -> HTMLResponse:
    """A sheet for the door of a building: the code that leads to the archive, in large words."""
    async with parts.sessions() as session:
        community = await _get_community(session, code)
        here = await find_here(session, request, parts)
    address = f"{parts.settings.address}/m/notices/of/{community.code}"
    values = {"tab": "notices", "address": address, "qr": draw_qr(address), "code": community.code}
    return draw(request, parts, replace(here, community=community), "poster.html", values)


async def _get_community(session: AsyncSession, code: str) -> Community:
    community = await find_community(session, code)
    if community is None:
        raise NotFound
    return community
