"""What I allowed: consents of a person with one tap to answer or to take back, and a need for social workers alone."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from community.clock import now
from community.consents.models import OPEN, Consent
from community.consents.queries import find_own
from community.consents.telling import NAMES
from community.consents.usecases import answer_consent, withdraw_consent
from community.needs.usecases.privacy import keep_private
from web.parts import Held, Parts
from web.refusals import DoorRefused
from web.residents.drawing import Tongue, draw, see_other
from web.residents.forms import take_form
from web.residents.here import Here, find_here, get_resident_here

router = APIRouter()
DONE = {"yes": "agreed", "no": "not_agreed", "stop": "taken_back"}


@router.get("/m/allowed", response_class=HTMLResponse)
async def allowed(request: Request, parts: Held) -> HTMLResponse:
    """All that was asked of the person, what is open first."""
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        found = await find_own(session, here.resident_id) if here.resident_id else []
    consents = [(consent, party, _fields(consent, here), _is_open(consent)) for consent, party in found]
    return draw(request, parts, here, "allowed.html", {"tab": "me", "consents": consents})


@router.post("/m/allowed/{consent_id}")
async def answer(request: Request, parts: Held, consent_id: UUID) -> Response:
    """Yes, no, or taken back; the same again changes nothing."""
    resident_id = await _who(request, parts)
    said = (await take_form(request, parts, resident_id)).fields.get("answer", "")
    if said not in DONE:
        raise DoorRefused(400, "request_unreadable")
    async with parts.sessions.begin() as session:
        if said == "stop":
            await withdraw_consent(session, resident_id, consent_id)
        else:
            await answer_consent(session, resident_id, consent_id, agree=said == "yes")
    return see_other("/m/allowed", DONE[said])


@router.post("/m/needs/{need_id}/private")
async def social_workers_only(request: Request, parts: Held, need_id: UUID) -> Response:
    """Only social workers may read it from now on."""
    resident_id = await _who(request, parts)
    await take_form(request, parts, resident_id)
    async with parts.sessions.begin() as session:
        await keep_private(session, resident_id, need_id)
    return see_other(f"/m/needs/{need_id}", "private")


def _fields(consent: Consent, here: Here) -> list[str]:
    say = Tongue(here)
    return [say.local(NAMES[field]) for field in consent.fields if field in NAMES]


def _is_open(consent: Consent) -> bool:
    return consent.state in OPEN and consent.until > now()


async def _who(request: Request, parts: Parts) -> UUID:
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
    return resident_id
