"""The parties, for admins: one is added, renamed, gets another phone, ends when nothing depends on it any more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import NotFound, Refused
from community.parties.keeping import PartyNames, add_party, change_party, end_party
from community.parties.models import PartyType, Role
from community.parties.queries import find_managed_parties
from community.places.queries import find_communities
from linli.text import TextRefused
from web.staff.desk import Changing, Desk, Looking
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/parties")
HERE = "/staff/parties"
Do = Callable[[AsyncSession], Awaitable[object]]


@router.get("")
async def parties(desk: Looking) -> Response:
    """All parties that the admin keeps."""
    async with desk.parts.sessions() as session:
        return await _draw(session, desk)


@router.post("")
async def add(desk: Changing) -> Response:
    """A new party."""
    typed = desk.typed
    try:
        kind = PartyType(typed.get("type", 40))
    except ValueError as error:
        raise NotFound from error
    community_id = typed.choice("community_id")
    return await _act(desk, lambda session: add_party(session, desk.actor, community_id, kind, _typed(desk)))


@router.post("/{party_id}")
async def change(desk: Changing, party_id: UUID) -> Response:
    """Another name or phone."""
    return await _act(
        desk, lambda session: change_party(session, desk.actor, party_id, _typed(desk)), party_id
    )


@router.post("/{party_id}/end")
async def end(desk: Changing, party_id: UUID) -> Response:
    """Its work is over."""
    return await _act(desk, lambda session: end_party(session, desk.actor, party_id), party_id)


async def _act(desk: Desk, do: Do, party_id: UUID | None = None) -> Response:
    try:
        async with desk.parts.sessions.begin() as session:
            await do(session)
    except (Refused, TextRefused) as error:
        if desk.actor.role is not Role.ADMIN or (isinstance(error, NotFound) and party_id is None):
            raise
        async with desk.parts.sessions() as session:
            return await _draw(session, desk, refusal=desk.say(error), refused=party_id, status=422)
    return desk.go(HERE)


def _typed(desk: Desk) -> PartyNames:
    typed = desk.typed
    return PartyNames(typed.words("zh"), typed.words("en"), typed.words_if_any("phone"))


async def _draw(
    session: AsyncSession, desk: Desk, *, refusal: str = "", refused: UUID | None = None, status: int = 200
) -> Response:
    if desk.actor.role is not Role.ADMIN:
        raise NotFound
    inside = desk.actor.community_id
    communities = [each for each in await find_communities(session) if inside in (None, each.id)]
    return await desk.draw(
        session,
        "parties.html",
        status=status,
        parties=await find_managed_parties(session, desk.actor),
        communities={community.id: community.name for community in communities},
        types=[kind for kind in PartyType if kind is not PartyType.STREET_OFFICE],
        refusal=refusal,
        refused=refused,
    )
