"""Activities by API: list, sign up, confirm, take an offered place, leave; the same use-cases as chat and pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from community.activities.queries import find_open_shifts, get_shift_line
from community.clock import now
from community.errors import NotFound
from community.limits.usecases import count_use
from community.signups.queries import find_own_open, get_own
from community.signups.usecases.answering import confirm_sign_up, leave_sign_up
from community.signups.usecases.joining import Comer, join_shift
from community.signups.usecases.waiting import accept_offer
from web.api.models import JoinIn, ShiftOut, SignUpOut, shift_out, sign_up_out
from web.origin import check_ours
from web.parts import Held
from web.residents.here import find_here, get_resident_here

router = APIRouter(prefix="/api", tags=["activities"])
AHEAD = timedelta(days=60)
MINUTE = timedelta(minutes=1)
USUAL, MOST = 50, 200
Limit = Annotated[int, Query(ge=1, le=MOST)]


async def writing(request: Request, parts: Held) -> UUID:
    """Whoever writes, known and counted."""
    await check_ours(request, parts)
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
    async with parts.sessions.begin() as session:
        await count_use(session, f"api:{resident_id}", parts.settings.messages_per_minute, MINUTE)
    return resident_id


def _name_next(request: Request, response: Response, limit: int, ids: Sequence[UUID]) -> None:
    """Where one more was found than fits: the address of the next page (RFC 8288)."""
    if len(ids) > limit:
        query = urlencode({"limit": limit, "after": ids[limit - 1]})
        response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'


Writer = Annotated[UUID, Depends(writing)]


@router.get("/activities")
async def list_shifts(
    request: Request, response: Response, parts: Held, limit: Limit = USUAL, after: UUID | None = None
) -> list[ShiftOut]:
    """What is on in the person's community in the next two months, the next first.

    Where there is more, the header `Link` with `rel="next"` names the address of the next page.
    """
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        if here.community is None:
            raise NotFound
        lines = await find_open_shifts(
            session, here.community.id, now(), now() + AHEAD, most=limit + 1, after=after
        )
    _name_next(request, response, limit, [line.shift.id for line in lines])
    return [shift_out(line) for line in lines[:limit]]


@router.get("/activities/{shift_id}")
async def one_shift(request: Request, parts: Held, shift_id: UUID) -> ShiftOut:
    """One shift of the person's community."""
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        if here.community is None:
            raise NotFound
        return shift_out(await get_shift_line(session, here.community.id, shift_id))


@router.post("/activities/{shift_id}/sign-ups", status_code=201)
async def join(parts: Held, who: Writer, shift_id: UUID, wanted: JoinIn) -> SignUpOut:
    """Sign up; where all places are taken the sign-up waits, with its place in the queue."""
    young = Comer("child", is_child=True, old_enough=wanted.old_enough)
    comers = [Comer("guest")] * wanted.adults + [young] * wanted.children
    async with parts.sessions.begin() as session:
        held = await join_shift(session, who, shift_id, wanted.part, comers, request_id=wanted.request_id)
        return sign_up_out(await get_own(session, who, held.sign_up.id))


@router.get("/sign-ups")
async def list_own(
    request: Request, response: Response, parts: Held, limit: Limit = USUAL, after: UUID | None = None
) -> list[SignUpOut]:
    """The person's own sign-ups that are not over, the next first; pages as with the list of activities."""
    async with parts.sessions() as session:
        _, resident_id = await get_resident_here(session, request, parts)
        rows = await find_own_open(session, resident_id, now(), limit + 1, after)
    _name_next(request, response, limit, [own.sign_up.id for own in rows])
    return [sign_up_out(own) for own in rows[:limit]]


@router.post("/sign-ups/{sign_up_id}/confirm")
async def confirm(parts: Held, who: Writer, sign_up_id: UUID) -> SignUpOut:
    """The person is coming."""
    async with parts.sessions.begin() as session:
        await confirm_sign_up(session, who, sign_up_id)
        return sign_up_out(await get_own(session, who, sign_up_id))


@router.post("/sign-ups/{sign_up_id}/accept")
async def accept(parts: Held, who: Writer, sign_up_id: UUID) -> SignUpOut:
    """The person takes the place that is kept."""
    async with parts.sessions.begin() as session:
        await accept_offer(session, who, sign_up_id)
        return sign_up_out(await get_own(session, who, sign_up_id))


@router.delete("/sign-ups/{sign_up_id}")
async def leave(parts: Held, who: Writer, sign_up_id: UUID) -> SignUpOut:
    """The person does not come, or waits no longer."""
    async with parts.sessions.begin() as session:
        await leave_sign_up(session, who, sign_up_id)
        return sign_up_out(await get_own(session, who, sign_up_id))
