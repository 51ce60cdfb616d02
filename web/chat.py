"""The web chat's door: the page, and what its script asks for. Next: channels/inbound stores, channels/turns answer."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel

from channels.web.reading import PAGE, read_before
from community.places.models import DEFAULT_ZONE
from community.residents.models import Language
from community.residents.usecases import choose_language, find_person
from linli.photos import MOST_BYTES
from linli.text import MOST_CHARACTERS, clean_text
from web.bodies import read_json, read_model
from web.chat_messages import MOST_PHOTOS, parse_message, store_message
from web.chat_photos import count_upload, read_photo, store_upload
from web.identity import CHANNEL
from web.origin import check_ours
from web.pages import keep_language, page, page_language
from web.parts import Held
from web.people import Setting, find_setting, get_visitor
from web.words import area_words

router = APIRouter()
NEWEST = 2**31 - 1
Code = Annotated[str | None, Query(alias="c", max_length=20)]
Ours = Depends(check_ours)


class Choice(BaseModel):
    """The language that a person chose."""

    language: Language


@router.get("/", include_in_schema=False)
async def front_door() -> RedirectResponse:
    """The address alone leads to the chat."""
    return RedirectResponse("/chat")


@router.get("/chat", response_class=HTMLResponse)
async def chat_page(request: Request, parts: Held, community: Code = None) -> HTMLResponse:
    """The page, with a cookie that names this browser; `?c=CODE` comes from a building's QR or a link."""
    visitor = parts.identity.meet(request, clean_text(community or "") or None)
    async with parts.sessions() as session:
        setting = await find_setting(session, visitor)
    language = setting.language or Language(page_language(request))
    drawn = page(
        request,
        "chat/page.html",
        language=language.value,
        community=_title(setting, language),
        facts=_facts(setting, language),
    )
    parts.identity.give(drawn, visitor)
    return drawn


@router.post("/chat/messages", dependencies=[Ours])
async def chat_message(request: Request, parts: Held) -> JSONResponse:
    """Store a message, once however often it comes; answers when it is stored."""
    visitor = get_visitor(request, parts)
    message = parse_message(await read_json(request))
    return JSONResponse({"seq": await store_message(request, parts, visitor, message)})


@router.post("/chat/photos", dependencies=[Ours])
async def chat_photo(request: Request, parts: Held) -> JSONResponse:
    """Keep a photo until a message is sent that names it."""
    visitor = get_visitor(request, parts)
    await count_upload(request, parts)
    file_id = await store_upload(request, parts, visitor, await read_photo(request))
    return JSONResponse({"file": str(file_id), "url": f"/files/{file_id}"})


@router.get("/chat/thread")
async def chat_thread(
    request: Request,
    parts: Held,
    before: Annotated[int, Query(ge=1, le=NEWEST)] = NEWEST,
    limit: Annotated[int, Query(ge=1, le=100)] = PAGE,
) -> JSONResponse:
    """The newest items with numbers below `before`, oldest first, and whether there are more."""
    visitor = get_visitor(request, parts)
    async with parts.sessions() as session:
        known = await find_person(session, CHANNEL, visitor.outside_id)
        items, more = await read_before(session, known.address_id, before, limit) if known else ([], False)
    return JSONResponse({"items": items, "more": more})


@router.post("/chat/language", dependencies=[Ours])
async def chat_language(request: Request, parts: Held) -> JSONResponse:
    """Pages and bubbles speak this language from now on."""
    choice = await read_model(request, Choice)
    visitor = parts.identity.find(request)
    async with parts.sessions.begin() as session:
        known = await find_person(session, CHANNEL, visitor.outside_id) if visitor else None
        if known:
            await choose_language(session, known.resident_id, choice.language)
    answer = JSONResponse({"language": choice.language.value})
    keep_language(answer, choice.language.value, secure=parts.settings.secure)
    return answer


def _title(setting: Setting, language: Language) -> str:
    return setting.community.name[language.value] if setting.community else ""


def _facts(setting: Setting, language: Language) -> dict[str, Any]:
    """What the script of the page needs to know."""
    return {
        "words": area_words("chat", language.value),
        "language": language.value,
        "zone": setting.community.zone if setting.community else DEFAULT_ZONE,
        "limits": {"text": MOST_CHARACTERS, "photo_bytes": MOST_BYTES, "photos": MOST_PHOTOS},
    }
