"""What residents of a community are told about each kind of need: what happens next, and whom to call meanwhile."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import NotFound, Refused
from community.kind_texts.queries import find_kind_texts
from community.kind_texts.usecases import LONGEST, Telling, may_write_texts, tell_about_kind
from community.needs.kinds import KINDS
from linli.text import TextRefused
from web.staff.chosen import choose_community, is_closed
from web.staff.desk import Changing, Desk, Looking
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/kinds")
HERE = "/staff/kinds"


@router.get("")
async def kinds(desk: Looking, community: UUID | None = None) -> Response:
    """All kinds with what is told."""
    async with desk.parts.sessions() as session:
        return await _draw(session, desk, community)


@router.post("/{kind}")
async def tell(desk: Changing, kind: str) -> Response:
    """Other words; without any, the community says nothing of its own."""
    typed = desk.typed
    community_id = typed.choice("community")
    try:
        telling = Telling(typed.words_if_any("zh"), typed.words_if_any("en"), typed.words_if_any("phone"))
        async with desk.parts.sessions.begin() as session:
            await tell_about_kind(session, desk.actor, community_id, kind, telling)
    except (Refused, TextRefused) as error:
        if is_closed(error):
            raise
        async with desk.parts.sessions() as session:
            return await _draw(session, desk, community_id, refusal=desk.say(error), refused=kind, status=422)
    return desk.go(f"{HERE}?community={community_id}#{kind}")


async def _draw(
    session: AsyncSession,
    desk: Desk,
    community_id: UUID | None,
    *,
    refusal: str = "",
    refused: str = "",
    status: int = 200,
) -> Response:
    chosen = await choose_community(session, desk, community_id)
    if not may_write_texts(desk.actor, chosen.community):
        raise NotFound
    return await desk.draw(
        session,
        "kinds.html",
        status=status,
        chosen=chosen,
        kinds=sorted(KINDS.values(), key=lambda kind: kind.name[desk.language]),
        told=await find_kind_texts(session, chosen.community.id),
        longest=LONGEST,
        refusal=refusal,
        refused=refused,
    )
