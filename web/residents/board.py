"""The board of the community's public needs: what, where, how far, who leads; open to whoever has its link."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from community.clock import now
from community.needs.board import PAGE, find_board
from community.needs.kinds import KINDS, kind_of
from community.routing.matrix import find_matrix
from community.surveys.rates import find_public_rate
from web.parts import Held
from web.residents.drawing import Tongue, draw
from web.residents.here import find_here

router = APIRouter()


@router.get("/m/who", response_class=HTMLResponse)
async def who(request: Request, parts: Held) -> HTMLResponse:
    """The list of responsibilities of the community: which party takes care of what, and who helps."""
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        if here.community is None:
            return draw(request, parts, here, "no_community.html", {"tab": "board"})
        lines = [
            line for line in await find_matrix(session, here.community.id) if line.lead and line.kind in KINDS
        ]
    say = Tongue(here)
    lines.sort(key=lambda line: say.local(kind_of(line.kind).name))
    return draw(request, parts, here, "who.html", {"tab": "board", "lines": lines, "kind_of": kind_of})


@router.get("/m/board", response_class=HTMLResponse)
async def board(
    request: Request,
    parts: Held,
    over: bool = False,
    before: Annotated[datetime | None, Query()] = None,
) -> HTMLResponse:
    """Public needs in hand, or with `over` those that are done."""
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        if here.community is None:
            return draw(request, parts, here, "no_community.html", {"tab": "board"})
        lines = await find_board(session, here.community.id, over=over, before=before)
        rate = await find_public_rate(session, here.community, now())
    more = lines[-1].created_at.isoformat() if len(lines) == PAGE else ""
    values = {
        "lines": lines,
        "rate": rate,
        "over": over,
        "more": more,
        "kind_of": kind_of,
        "first": before is None,
        "tab": "board",
    }
    return draw(request, parts, here, "board.html", values)
