"""Sharing of a confidential need: a social worker asks the resident; the party sees the fields and does its part."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.consents.models import Consent, ConsentField
from community.consents.shared import get_shared, get_shared_photo
from community.consents.usecases import Sharing, ask_consent, take_back_consent
from community.errors import NotFound, Refused
from community.parties.queries import get_workplace
from community.parts.models import PartState
from community.parts.usecases import accept_part, finish_part, refuse_part
from linli.text import TextRefused
from web.files import send_file
from web.staff.desk import HOME, Changing, Desk, Looking, zone_of
from web.staff.need import act
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff")
SHARED = "/staff/shared"
_LAST = time(23, 59, 59)


@router.post("/needs/{need_id}/consents")
async def ask(desk: Changing, need_id: UUID) -> Response:
    """Ask the resident whether a party may be told these fields."""
    return await act(desk, need_id, "consent", lambda session: _ask(session, desk, need_id))


@router.post("/consents/{consent_id}/take-back")
async def take_back(desk: Changing, consent_id: UUID) -> Response:
    """The party is not to be told any more."""
    async with desk.parts.sessions.begin() as session:
        consent: Consent = await take_back_consent(session, desk.actor, consent_id)
    return desk.go(f"{HOME}/{consent.need_id}")


@router.get("/shared/{consent_id}")
async def shared(desk: Looking, consent_id: UUID) -> Response:
    """What the actor's party may see, and nothing else of the need; looking is logged."""
    async with desk.parts.sessions.begin() as session:
        return await _draw(session, desk, consent_id)


@router.post("/shared/{consent_id}/{name}")
async def answer(desk: Changing, consent_id: UUID, name: str) -> Response:
    """The party takes its part, does not, or has done it."""
    try:
        async with desk.parts.sessions.begin() as session:
            await _answer(session, desk, consent_id, name)
    except (Refused, TextRefused) as error:
        if isinstance(error, NotFound):
            raise
        async with desk.parts.sessions.begin() as session:
            return await _draw(session, desk, consent_id, refusal=desk.say(error), refused=name, status=422)
    return desk.go(f"{SHARED}/{consent_id}")


@router.get("/shared/{consent_id}/photos/{file_id}")
async def photo(desk: Looking, consent_id: UUID, file_id: UUID) -> Response:
    """A photo that was consented to; looking is logged."""
    async with desk.parts.sessions.begin() as session:
        return await send_file(desk.parts, await get_shared_photo(session, desk.actor, consent_id, file_id))


async def _ask(session: AsyncSession, desk: Desk, need_id: UUID) -> object:
    typed = desk.typed
    sharing = Sharing(
        fields=frozenset(field for field in ConsentField if typed.get(f"field_{field.value}")),
        purpose=typed.get("purpose"),
        until=_read_end(typed.get("until"), zone_of(await get_workplace(session, desk.actor))),
        sentence=typed.words_if_any("sentence"),
    )
    return await ask_consent(session, desk.actor, need_id, typed.choice("party_id"), sharing)


def _read_end(text: str, zone: str) -> datetime:
    """The end of the day that was chosen."""
    try:
        return datetime.combine(date.fromisoformat(text), _LAST, ZoneInfo(zone))
    except ValueError as error:
        raise Refused("consent_until") from error


async def _answer(session: AsyncSession, desk: Desk, consent_id: UUID, name: str) -> None:
    found = await get_shared(session, desk.actor, consent_id)
    words = desk.typed.words_if_any("words")
    if name == "accept":
        await accept_part(session, desk.actor, found.part.id)
    elif name == "refuse":
        await refuse_part(session, desk.actor, found.part.id, words)
    elif name == "finish":
        await finish_part(session, desk.actor, found.part.id, words)
    else:
        raise NotFound


async def _draw(
    session: AsyncSession,
    desk: Desk,
    consent_id: UUID,
    *,
    refusal: str = "",
    refused: str = "",
    status: int = 200,
) -> Response:
    found = await get_shared(session, desk.actor, consent_id)
    return await desk.draw(
        session,
        "shared.html",
        status=status,
        shared=found,
        asked=found.part.state is PartState.ASKED,
        undone=found.part.state in (PartState.ASKED, PartState.ACCEPTED),
        refusal=refusal,
        refused=refused,
    )
