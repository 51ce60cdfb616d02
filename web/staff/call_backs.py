"""Call-backs: who is to talk to which resident, with what was said, and what came out of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.callbacks.queries import find_call_backs
from community.callbacks.usecases import (
    TRIES_UNTIL_LEADER,
    end_call_back,
    give_call_back,
    give_up_call_back,
    note_not_reached,
    rate_by_phone,
    reopen_by_call,
    take_call_back,
)
from community.clock import now
from community.errors import NotFound, Refused
from linli.text import TextRefused
from web.staff.desk import Changing, Desk, Looking
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/call-backs")
LIST = "/staff/call-backs"
SECOND_SURVEY = timedelta(days=1)
"""How long after the talk the second survey is asked: what was promised there has some time to happen."""

Do = Callable[[AsyncSession], Awaitable[object]]


@router.get("")
async def call_backs(desk: Looking) -> Response:
    """The open call-backs of who looks."""
    async with desk.parts.sessions() as session:
        return await _draw(session, desk)


@router.post("/{call_id}/talked")
async def talked(desk: Changing, call_id: UUID) -> Response:
    """They talked: done, or the need is wanted open again."""
    words = desk.typed.words_if_any("words")
    if desk.typed.get("outcome") == "reopen":
        return await _act(desk, call_id, lambda session: reopen_by_call(session, desk.actor, call_id, words))
    survey_at = now() + SECOND_SURVEY
    return await _act(
        desk,
        call_id,
        lambda session: end_call_back(session, desk.actor, call_id, words, survey_at=survey_at),
    )


@router.post("/{call_id}/answered")
async def answered(desk: Changing, call_id: UUID) -> Response:
    """What somebody who cannot be written to said by phone."""
    return await _act(desk, call_id, lambda session: _write_down(session, desk, call_id))


@router.post("/{call_id}/not-reached")
async def not_reached(desk: Changing, call_id: UUID) -> Response:
    """Nobody answered: again on the next day, or the end after three tries."""
    end = desk.typed.get("outcome") == "give_up"
    do = give_up_call_back if end else note_not_reached
    return await _act(desk, call_id, lambda session: do(session, desk.actor, call_id))


@router.post("/{call_id}/take")
async def take(desk: Changing, call_id: UUID) -> Response:
    """Call oneself."""
    return await _act(desk, call_id, lambda session: take_call_back(session, desk.actor, call_id))


@router.post("/{call_id}/give")
async def give(desk: Changing, call_id: UUID) -> Response:
    """Name somebody else."""
    staff_id = desk.typed.choice("staff_id")
    return await _act(desk, call_id, lambda session: give_call_back(session, desk.actor, call_id, staff_id))


async def _write_down(session: AsyncSession, desk: Desk, call_id: UUID) -> object:
    solved, score = desk.typed.get("solved"), desk.typed.get("score")
    if solved not in ("yes", "no"):
        raise Refused("call_back_needs_answer")
    if score and not (len(score) == 1 and score in "12345"):
        raise Refused("score_1_to_5")
    return await rate_by_phone(
        session,
        desk.actor,
        call_id,
        solved=solved == "yes",
        score=int(score) if score else None,
        words=desk.typed.words_if_any("words"),
    )


async def _act(desk: Desk, call_id: UUID, do: Do) -> Response:
    """Do it in one transaction; a refusal is drawn at its call-back, with what was typed."""
    try:
        async with desk.parts.sessions.begin() as session:
            await do(session)
    except (Refused, TextRefused) as error:
        if isinstance(error, NotFound) and error.message == NotFound.message:
            raise
        async with desk.parts.sessions() as session:
            return await _draw(session, desk, refused=call_id, refusal=desk.say(error), status=422)
    return desk.go(LIST)


async def _draw(
    session: AsyncSession,
    desk: Desk,
    *,
    refused: UUID | None = None,
    refusal: str = "",
    status: int = 200,
) -> Response:
    return await desk.draw(
        session,
        "call_backs.html",
        status=status,
        lines=await find_call_backs(session, desk.actor),
        at=now(),
        most_tries=TRIES_UNTIL_LEADER,
        refused=refused,
        refusal=refusal,
    )
