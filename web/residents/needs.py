"""My needs: the list, one need with its story and photos, and the part of it that the page asks for again by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from community.actors import ResidentActor
from community.needs.kinds import kind_of
from community.needs.lines import PAGE
from community.needs.models import ENDED, TRANSITIONS, NeedState
from community.needs.queries import NeedPage, find_own_needs, get_own_need
from community.needs.usecases.privacy import may_keep_private
from community.needs.usecases.residents import MOST_FILES
from community.needs.views import Look, find_looks
from community.surveys.waiting import find_waiting_needs, is_unanswered, is_unrated
from linli.photos import MOST_BYTES
from web.files import serve_file
from web.parts import Held, Parts
from web.residents.drawing import Tongue, draw, draw_stranger
from web.residents.here import Here, find_here, get_resident_here
from web.residents.story import name_helpers, tell_story, tell_when

router = APIRouter()
Before = Annotated[datetime | None, Query()]


@router.get("/m")
async def pages_door() -> RedirectResponse:
    """The address alone leads to the person's needs."""
    return RedirectResponse("/m/needs")


@router.get("/m/needs", response_class=HTMLResponse)
async def my_needs(request: Request, parts: Held, before: Before = None) -> HTMLResponse:
    """The person's needs, newest first; those that wait for an answer are marked."""
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        if here.resident_id is None:
            return draw_stranger(request, parts, here, "needs")
        lines = await find_own_needs(session, here.resident_id, before=before)
        waiting = await find_waiting_needs(session, here.resident_id)
    more = lines[-1].need.created_at.isoformat() if len(lines) == PAGE else ""
    values = {"lines": lines, "waiting": waiting, "kind_of": kind_of, "more": more, "first": before is None}
    return draw(request, parts, here, "needs.html", {"tab": "needs", **values})


@router.get("/m/needs/{need_id}", response_class=HTMLResponse)
async def one_need(request: Request, parts: Held, need_id: UUID) -> HTMLResponse:
    """One own need with everything that may be done with it; somebody else's is as if there were none."""
    async with parts.sessions() as session:
        here, resident_id = await get_resident_here(session, request, parts)
        need = await get_own_need(session, resident_id, need_id)
        looks = await find_looks(session, resident_id, need_id)
    return _draw_need(request, parts, here, need, looks=looks)


@router.get("/m/needs/{need_id}/story", response_class=HTMLResponse)
async def need_story(request: Request, parts: Held, need_id: UUID, seen: str = "") -> Response:
    """State and story alone, for the page that is open; 204 where nothing changed since `seen`."""
    async with parts.sessions() as session:
        here, resident_id = await get_resident_here(session, request, parts)
        need = await get_own_need(session, resident_id, need_id)
    if need.line.need.changed_at.isoformat() == seen:
        return Response(status_code=204)
    return draw(request, parts, here, "news.html", {"fragment": True, **_story_values(need, Tongue(here))})


@router.get("/m/needs/{need_id}/withdraw", response_class=HTMLResponse)
async def ask_withdraw(request: Request, parts: Held, need_id: UUID) -> HTMLResponse:
    """The second step before a need is withdrawn."""
    async with parts.sessions() as session:
        here, resident_id = await get_resident_here(session, request, parts)
        need = await get_own_need(session, resident_id, need_id)
    itself = need.line.need
    values = {"tab": "needs", "need": itself, "kind": kind_of(itself.kind), "may": _may_withdraw(need)}
    return draw(request, parts, here, "withdraw.html", values)


@router.get("/m/photos/{file_id}")
async def own_photo(request: Request, parts: Held, file_id: UUID) -> Response:
    """A photo of the person's own, also for somebody who came by a link."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
        return await serve_file(session, parts, ResidentActor(resident_id), file_id)


async def redraw_need(
    request: Request, parts: Parts, need_id: UUID, *, problem: str, kept: str
) -> HTMLResponse:
    """The page again, with what was wrong with a form and the words that were typed."""
    async with parts.sessions() as session:
        here, resident_id = await get_resident_here(session, request, parts)
        need = await get_own_need(session, resident_id, need_id)
        looks = await find_looks(session, resident_id, need_id)
    return _draw_need(request, parts, here, need, looks=looks, problem=problem, kept=kept)


def _draw_need(
    request: Request,
    parts: Parts,
    here: Here,
    need: NeedPage,
    *,
    looks: Sequence[Look],
    problem: str = "",
    kept: str = "",
) -> HTMLResponse:
    survey, itself = need.survey, need.line.need
    values = {
        "tab": "needs",
        "fragment": False,
        "unanswered": survey is not None and is_unanswered(survey, itself),
        "unrated": survey is not None and is_unrated(survey),
        "survey": survey,
        "may_add": itself.state not in ENDED,
        "may_withdraw": _may_withdraw(need),
        "may_keep_private": may_keep_private(itself),
        "looks": looks,
        "files": need.files,
        "most_photos": MOST_FILES,
        "most_bytes": MOST_BYTES,
        "request_id": uuid4(),
        "problem": problem,
        "kept": kept,
        **_story_values(need, Tongue(here)),
    }
    return draw(request, parts, here, "need.html", values, status=422 if problem else 200)


def _story_values(need: NeedPage, say: Tongue) -> dict[str, object]:
    return {
        "need": need.line.need,
        "kind": kind_of(need.line.need.kind),
        "place": need.line.place,
        "party": need.line.party,
        "told": need.told if need.line.need.state not in ENDED else None,
        "lines": tell_story(need, say),
        "when": tell_when(need.line.need, say),
        "helpers": name_helpers(need, say),
        "waits": need.survey is not None and is_unanswered(need.survey, need.line.need),
    }


def _may_withdraw(need: NeedPage) -> bool:
    return NeedState.WITHDRAWN in TRANSITIONS[need.line.need.state]
