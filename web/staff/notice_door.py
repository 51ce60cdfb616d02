"""The list for going from door to door: to print with boxes, and to enter the ticks afterwards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.clock import now
from community.errors import NotFound, Refused
from community.notices.marks import plain_words
from community.notices.sending.door import Whom, find_door_list, take_tick_back, tell_at_door
from web.staff.desk import Changing, Desk, Looking
from web.staff.notice_progress import say_reason
from web.staff.routes import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute, prefix="/staff/notices")
Do = Callable[[AsyncSession], Awaitable[None]]


@router.get("/{notice_id}/door")
async def door(desk: Looking, notice_id: UUID, whom: str = "") -> Response:
    """The list, by entrance and floor. Raises NotFound, NotAllowed."""
    async with desk.parts.sessions.begin() as session:
        return await _draw(session, desk, notice_id, _read_whom(whom))


@router.post("/{notice_id}/told/{resident_id}")
async def tick(desk: Changing, notice_id: UUID, resident_id: UUID) -> Response:
    """It was told at this door; the room is kept where it was written down."""
    room = desk.typed.get("room")
    return await _act(
        desk,
        notice_id,
        resident_id,
        lambda session: tell_at_door(session, desk.actor, notice_id, resident_id, room),
    )


@router.post("/{notice_id}/untold/{resident_id}")
async def untick(desk: Changing, notice_id: UUID, resident_id: UUID) -> Response:
    """It was the wrong line."""
    return await _act(
        desk,
        notice_id,
        resident_id,
        lambda session: take_tick_back(session, desk.actor, notice_id, resident_id),
    )


async def _act(desk: Desk, notice_id: UUID, resident_id: UUID, do: Do) -> Response:
    """Do it; a refusal stands at its line, with what was typed."""
    whom = _read_whom(desk.typed.get("whom"))
    try:
        async with desk.parts.sessions.begin() as session:
            await do(session)
    except Refused as error:
        if isinstance(error, NotFound):
            raise
        async with desk.parts.sessions.begin() as session:
            return await _draw(
                session, desk, notice_id, whom, refused=resident_id, refusal=desk.say(error), status=422
            )
    return desk.go(f"/staff/notices/{notice_id}/door?whom={whom.value}#line-{resident_id}")


def _read_whom(asked: str) -> Whom:
    return Whom(asked) if asked in set(Whom) else Whom.UNREACHED


async def _draw(
    session: AsyncSession,
    desk: Desk,
    notice_id: UUID,
    whom: Whom,
    *,
    refused: UUID | None = None,
    refusal: str = "",
    status: int = 200,
) -> Response:
    notice, parts, everybody = await find_door_list(session, desk.actor, notice_id, whom)
    return await desk.draw(
        session,
        "notice_door.html",
        status=status,
        notice=notice,
        text=plain_words(notice.text[desk.language]),
        parts=parts,
        everybody=everybody,
        whom=whom.value,
        people=sum(part.people for part in parts),
        told=sum(
            line.row.door_told_at is not None for part in parts for _, lines in part.floors for line in lines
        ),
        reason=lambda code: say_reason(desk.t, code),
        at=now(),
        refused=refused,
        refusal=refusal,
    )
