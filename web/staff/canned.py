"""Canned answers of a party: its own people read them here, its leader, the committee and admins keep them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.canned.filling import NAMES
from community.canned.models import CannedFor
from community.canned.queries import find_kept_parties, get_kept
from community.canned.usecases import CannedText, keep_canned, retire_canned
from community.errors import NotAllowed, NotFound, Refused
from linli.text import TextRefused
from web.staff.desk import Changing, Desk, Looking
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/canned")
CANNED = "/staff/canned"
LONGEST_TITLE, LONGEST_WORDS = 40, 1000
Do = Callable[[AsyncSession], Awaitable[object]]


@router.get("")
async def canned(desk: Looking, party: UUID | None = None) -> Response:
    """The canned answers of a party, the own one where none is named."""
    async with desk.parts.sessions() as session:
        return await _draw(session, desk, party)


@router.post("/{party_id}")
async def add(desk: Changing, party_id: UUID) -> Response:
    """A new one."""
    return await _act(
        desk, party_id, lambda session: keep_canned(session, desk.actor, party_id, _typed(desk))
    )


@router.post("/{party_id}/{canned_id}")
async def change(desk: Changing, party_id: UUID, canned_id: UUID) -> Response:
    """Other words."""
    return await _act(
        desk,
        party_id,
        lambda session: keep_canned(session, desk.actor, party_id, _typed(desk), canned_id),
        canned_id,
    )


@router.post("/{party_id}/{canned_id}/retire")
async def retire(desk: Changing, party_id: UUID, canned_id: UUID) -> Response:
    """Offered no more."""
    return await _act(
        desk, party_id, lambda session: retire_canned(session, desk.actor, party_id, canned_id), canned_id
    )


@router.post("/{party_id}/{canned_id}/restore")
async def restore(desk: Changing, party_id: UUID, canned_id: UUID) -> Response:
    """Offered again."""
    return await _act(
        desk,
        party_id,
        lambda session: retire_canned(session, desk.actor, party_id, canned_id, retired=False),
        canned_id,
    )


async def _act(desk: Desk, party_id: UUID, do: Do, canned_id: UUID | None = None) -> Response:
    try:
        async with desk.parts.sessions.begin() as session:
            await do(session)
    except (Refused, TextRefused) as error:
        if isinstance(error, NotFound | NotAllowed):
            raise
        async with desk.parts.sessions() as session:
            return await _draw(
                session, desk, party_id, refusal=desk.say(error), refused=canned_id, status=422
            )
    return desk.go(f"{CANNED}?party={party_id}")


async def _draw(
    session: AsyncSession,
    desk: Desk,
    party_id: UUID | None,
    *,
    refusal: str = "",
    refused: UUID | None = None,
    status: int = 200,
) -> Response:
    party, rows, keeps = await get_kept(session, desk.actor, party_id)
    return await desk.draw(
        session,
        "canned.html",
        status=status,
        refusal=refusal,
        refused=refused,
        party=party,
        rows=rows,
        keeps=keeps,
        parties=await find_kept_parties(session, desk.actor),
        forms=tuple(CannedFor),
        fields=[names[desk.language] for names in NAMES.values()],
    )


def _typed(desk: Desk) -> CannedText:
    typed = desk.typed
    try:
        fits = CannedFor(typed.get("fits"))
    except ValueError as error:
        raise Refused("choose_one") from error
    return CannedText(
        fits=fits,
        title_zh=typed.get("title_zh", LONGEST_TITLE),
        title_en=typed.get("title_en", LONGEST_TITLE),
        zh=typed.get("zh", LONGEST_WORDS),
        en=typed.get("en", LONGEST_WORDS),
    )
