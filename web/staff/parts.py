"""Parts of a need at the console: asking for them, one click for all that the list names, and each party's answer."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.errors import NotFound
from community.parts.usecases import (
    accept_part,
    ask_listed_parts,
    ask_part,
    cancel_part,
    finish_part,
    refuse_part,
)
from web.staff.desk import Changing, Desk
from web.staff.need import act
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff")


@router.post("/needs/{need_id}/parts")
async def ask(desk: Changing, need_id: UUID) -> Response:
    """Ask one party by hand, or all that assist by the list."""
    return await act(desk, need_id, "part", lambda session: _ask(session, desk, need_id))


@router.post("/parts/{part_id}/{name}")
async def move(desk: Changing, part_id: UUID, name: str) -> Response:
    """Accept, refuse, finish or take back a part."""
    if name not in ("accept", "refuse", "finish", "cancel"):
        raise NotFound
    then = "/staff/parts" if name == "refuse" else ""  # whoever refuses may not read the need any more
    need_id = desk.typed.id("need")
    return await act(desk, need_id, "part", lambda session: _move(session, desk, part_id, name), then=then)


async def _ask(session: AsyncSession, desk: Desk, need_id: UUID) -> object:
    if desk.typed.get("all"):
        return await ask_listed_parts(session, desk.actor, need_id)
    party = desk.typed.choice("party_id")
    return await ask_part(session, desk.actor, need_id, party, desk.typed.words("what"))


async def _move(session: AsyncSession, desk: Desk, part_id: UUID, name: str) -> object:
    words = desk.typed.words_if_any("words")
    if name == "accept":
        return await accept_part(session, desk.actor, part_id)
    if name == "cancel":
        return await cancel_part(session, desk.actor, part_id)
    do = refuse_part if name == "refuse" else finish_part
    return await do(session, desk.actor, part_id, words)
