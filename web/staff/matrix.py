"""The list of responsibilities 责任清单: who leads what, proposals with a second pair of eyes, and what was decided."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import NotFound, Refused
from community.parties.models import Applies
from community.routing.models import MatrixProposal
from community.routing.proposals import (
    approve_proposal,
    propose_line,
    refuse_proposal,
    withdraw_proposal,
)
from linli.text import TextRefused
from web.staff.chosen import choose_community, is_closed
from web.staff.desk import Changing, Desk, Looking
from web.staff.matrix_pages import draw_line, draw_list, read_line
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/matrix")
LIST = "/staff/matrix"


@router.get("")
async def matrix(desk: Looking, community: UUID | None = None, done: str = "") -> Response:
    """The list, what waits for approval, and the history."""
    async with desk.parts.sessions() as session:
        chosen = await choose_community(session, desk, community)
        return await draw_list(session, desk, chosen, done=done if done in DONE else "")


@router.get("/line")
async def line_page(
    desk: Looking,
    kind: str,
    community: UUID | None = None,
    place: UUID | None = None,
    applies: Applies = Applies.ALWAYS,
    need: UUID | None = None,
) -> Response:
    """The form for one line; from a need that the street decided it comes filled in."""
    async with desk.parts.sessions() as session:
        chosen = await choose_community(session, desk, community)
        return await draw_line(session, desk, chosen, kind, place, applies, need_id=need)


@router.post("/line")
async def propose(desk: Changing) -> Response:
    """Propose the line; nothing changes yet."""
    typed = desk.typed
    community = typed.id("community")
    need = typed.id("need") if typed.get("need") else None
    place = typed.id("place") if typed.get("place") else None
    applies = Applies(typed.get("applies")) if typed.get("applies") in list(Applies) else Applies.ALWAYS
    kind = typed.get("kind")
    try:
        async with desk.parts.sessions.begin() as session:
            fresh = read_line(typed.fields, kind, place, applies)
            await propose_line(session, desk.actor, community, fresh, typed.words_if_any("why"), need)
    except (Refused, TextRefused) as error:
        if is_closed(error):
            raise
        async with desk.parts.sessions() as session:
            chosen = await choose_community(session, desk, community)
            refusal = desk.say(error)
            return await draw_line(
                session, desk, chosen, kind, place, applies, need_id=need, refusal=refusal, status=422
            )
    return desk.go(f"{LIST}?community={community}&done=proposed")


@router.post("/proposals/{proposal_id}/{act}")
async def decide(desk: Changing, proposal_id: UUID, act: str) -> Response:
    """Approve or refuse as somebody else, or withdraw as who proposed."""
    do = _DECIDE.get(act)
    if do is None:
        raise NotFound
    try:
        async with desk.parts.sessions.begin() as session:
            community = await do(session, desk, proposal_id)
    except (Refused, TextRefused) as error:
        if is_closed(error):
            raise
        async with desk.parts.sessions() as session:
            proposal = await session.get_one(MatrixProposal, proposal_id)
            chosen = await choose_community(session, desk, proposal.community_id)
            return await draw_list(session, desk, chosen, refusal=desk.say(error), status=422)
    return desk.go(f"{LIST}?community={community}&done={act}")


async def _approve(session: AsyncSession, desk: Desk, proposal_id: UUID) -> UUID:
    return (await approve_proposal(session, desk.actor, proposal_id)).community_id


async def _refuse(session: AsyncSession, desk: Desk, proposal_id: UUID) -> UUID:
    words = desk.typed.words_if_any("why")
    return (await refuse_proposal(session, desk.actor, proposal_id, words)).community_id


async def _withdraw(session: AsyncSession, desk: Desk, proposal_id: UUID) -> UUID:
    return (await withdraw_proposal(session, desk.actor, proposal_id)).community_id


_DECIDE: Mapping[str, Callable[[AsyncSession, Desk, UUID], Awaitable[UUID]]] = {
    "approve": _approve,
    "refuse": _refuse,
    "withdraw": _withdraw,
}
DONE = ("proposed", *_DECIDE)
