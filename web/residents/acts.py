"""What a person does with an own need, by the chat's use-cases: add words and photos, withdraw, say if it is solved."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from channels.render import render_text
from community.errors import NotFound, Refused
from community.files.usecases import add_file
from community.needs.models import NeedState
from community.needs.queries import get_own_need
from community.needs.usecases.residents import MOST_FILES, add_to_need, lock_own_need, withdraw_need
from community.needs.usecases.steps import is_added
from community.surveys.models import Survey
from community.surveys.usecases import answer_solved, rate_need, remark_on_survey
from linli.file_store import remove_file, store_file
from linli.photos import MEDIA_TYPE, Photo, PhotoRefused
from linli.text import TextRefused
from web.parts import Held, Parts
from web.refusals import DoorRefused
from web.residents.drawing import see_other
from web.residents.forms import Form, take_form
from web.residents.here import Here, get_resident_here
from web.residents.needs import redraw_need

router = APIRouter()


@router.post("/m/needs/{need_id}/words")
async def add_words(request: Request, parts: Held, need_id: UUID) -> Response:
    """Add words, photos or both; what was wrong with them is said on the same page, with the words kept."""
    here, resident_id = await _who(request, parts)
    kept = ""
    try:
        form = await take_form(request, parts, resident_id, photos=MOST_FILES)
        kept = form.fields.get("words", "")
        if form.refused is not None:
            raise form.refused
        words = form.remark() if form.photos else form.words()
        await _add(parts, resident_id, need_id, words, form)
    except (TextRefused, PhotoRefused) as error:
        problem = render_text(_name(error), here.language, {})
        return await redraw_need(request, parts, need_id, problem=problem, kept=kept)
    return see_other(f"/m/needs/{need_id}", "added")


@router.post("/m/needs/{need_id}/withdraw")
async def withdraw(request: Request, parts: Held, need_id: UUID) -> Response:
    """Take the need back; the reason may be left out."""
    _, resident_id = await _who(request, parts)
    form = await take_form(request, parts, resident_id)
    async with parts.sessions.begin() as session:
        await withdraw_need(session, resident_id, need_id, form.remark() or None)
    return see_other(f"/m/needs/{need_id}", "withdrawn")


@router.post("/m/needs/{need_id}/rating")
async def rate(request: Request, parts: Held, need_id: UUID) -> Response:
    """Solved or not, stars and a remark, as far as the person gave them; a second tap changes nothing."""
    _, resident_id = await _who(request, parts)
    form = await take_form(request, parts, resident_id)
    async with parts.sessions.begin() as session:
        page = await get_own_need(session, resident_id, need_id)
        if page.survey is None:
            raise NotFound
        need_state = await _take_answer(session, resident_id, page.survey, form)
    return see_other(f"/m/needs/{need_id}", "reopened" if need_state is NeedState.REOPENED else "rated")


async def _take_answer(session: AsyncSession, resident_id: UUID, survey: Survey, form: Form) -> NeedState:
    solved, score, words = form.fields.get("solved", ""), form.fields.get("score", ""), form.remark()
    if solved:
        if solved not in ("yes", "no"):
            raise DoorRefused(400, "request_unreadable")
        await answer_solved(session, resident_id, survey.id, solved == "yes")
    if score:
        await rate_need(session, resident_id, survey.id, _number(score))
    if words:
        await remark_on_survey(session, resident_id, survey.id, words, request_id=form.id("request_id"))
    return (await lock_own_need(session, resident_id, survey.need_id)).state


def _number(score: str) -> int:
    if len(score) != 1 or not (score.isascii() and score.isdigit()):
        raise Refused("score_1_to_5")
    return int(score)


async def _who(request: Request, parts: Parts) -> tuple[Here, UUID]:
    async with parts.sessions() as session:
        return await get_resident_here(session, request, parts)


async def _add(parts: Parts, resident_id: UUID, need_id: UUID, words: str, form: Form) -> None:
    """One transaction under the need's lock: the second of two taps finds the first one's words and keeps no photo."""
    stored: list[UUID] = []
    request_id = form.id("request_id")
    try:
        async with parts.sessions.begin() as session:
            await lock_own_need(session, resident_id, need_id)
            if not await is_added(session, message_id=None, request_id=request_id):
                await _keep(session, parts, resident_id, form.photos, stored)
            await add_to_need(session, resident_id, need_id, words, file_ids=stored, request_id=request_id)
    except BaseException:
        for file_id in stored:
            await asyncio.to_thread(remove_file, parts.settings.files_dir, file_id)
        raise


async def _keep(
    session: AsyncSession, parts: Parts, resident_id: UUID, photos: Sequence[Photo], stored: list[UUID]
) -> None:
    for photo in photos:
        file_id = await asyncio.to_thread(store_file, parts.settings.files_dir, photo.content)
        stored.append(file_id)
        size = {"size": len(photo.content), "width": photo.width, "height": photo.height}
        await add_file(session, resident_id, file_id, media_type=MEDIA_TYPE, **size)


def _name(error: TextRefused | PhotoRefused) -> str:
    return f"text_{error.reason}" if isinstance(error, TextRefused) else f"photo_{error.reason}"
