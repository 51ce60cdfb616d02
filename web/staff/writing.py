"""What staff write about a need: to its resident, among themselves, and what was done; with photos and documents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.needs.usecases.staff import answer_resident, note_on_need, resolve_need
from web.staff.attaching import Attaching, keeping_files
from web.staff.desk import HOME, Changing, Desk
from web.staff.need import act
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix=HOME)
Write = Callable[..., Awaitable[object]]


@router.post("/{need_id}/answer")
async def answer(desk: Attaching, need_id: UUID) -> Response:
    """Write to the resident, with photos and documents."""
    return await _write(desk, need_id, "answer", answer_resident)


@router.post("/{need_id}/note")
async def note(desk: Attaching, need_id: UUID) -> Response:
    """Write a note that staff see, with photos and documents."""
    return await _write(desk, need_id, "note", note_on_need)


@router.post("/{need_id}/resolve")
async def resolve(desk: Changing, need_id: UUID) -> Response:
    """Say what was done; the survey follows later."""
    survey_at = now() + timedelta(minutes=desk.parts.settings.survey_delay_minutes)
    return await act(
        desk,
        need_id,
        "resolve",
        lambda session: resolve_need(
            session, desk.actor, need_id, desk.typed.words("words"), survey_at=survey_at
        ),
    )


async def _write(desk: Desk, need_id: UUID, name: str, write: Write) -> Response:
    """Words with files: what is wrong with a file is drawn beside the form like any refusal."""
    typed = desk.typed

    async def do(session: AsyncSession) -> None:
        async with keeping_files(desk) as file_ids:
            await write(
                session,
                desk.actor,
                need_id,
                typed.words("words"),
                request_id=typed.id("request_id"),
                file_ids=file_ids,
            )

    return await act(desk, need_id, name, do)
