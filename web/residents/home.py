"""Where I live: community, building, unit, one choice a page, so that it works with large text and without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import NotFound
from community.places.models import Community
from community.places.queries import find_buildings, find_communities, find_units
from community.residents.usecases import choose_community, claim_home
from web.parts import Held
from web.residents.drawing import draw, see_other
from web.residents.forms import take_form
from web.residents.here import get_resident_here

router = APIRouter()


@router.get("/m/me/home", response_class=HTMLResponse)
async def choose_home(
    request: Request, parts: Held, community: UUID | None = None, building: UUID | None = None
) -> HTMLResponse:
    """The next choice that is open: community, then building, then unit."""
    async with parts.sessions() as session:
        here, _ = await get_resident_here(session, request, parts)
        choices = await _find_choices(session, community, building)
    return draw(request, parts, here, "home.html", {"tab": "me", **choices})


@router.post("/m/me/home")
async def claim(request: Request, parts: Held) -> Response:
    """The person says to live there: claimed until somebody confirms it. A place of another community is not found."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
    form = await take_form(request, parts, resident_id)
    async with parts.sessions.begin() as session:
        await choose_community(session, resident_id, form.id("community"))
        if form.fields.get("place"):
            await claim_home(session, resident_id, form.id("place"))
    return see_other("/m/me", "home")


async def _find_choices(
    session: AsyncSession, community_id: UUID | None, building_id: UUID | None
) -> dict[str, object]:
    communities = await find_communities(session)
    chosen = _chosen(communities, community_id)
    if chosen is None:
        return {"step": "community", "communities": communities}
    buildings = await find_buildings(session, chosen.id)
    found = {"community": chosen, "only": len(communities) == 1}
    if building_id is None:
        return {"step": "building", "buildings": buildings, **found}
    building = next((place for place in buildings if place.id == building_id), None)
    if building is None:
        raise NotFound
    units = await find_units(session, chosen.id, building.id)
    return {"step": "unit", "building": building, "units": units, **found}


def _chosen(communities: Sequence[Community], community_id: UUID | None) -> Community | None:
    if community_id is None:
        return communities[0] if len(communities) == 1 else None
    chosen = next((community for community in communities if community.id == community_id), None)
    if chosen is None:
        raise NotFound
    return chosen
