"""Notices by API: what holds or what a search finds, one of them, and its receipt; the rules of chat and pages."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from community.clock import now
from community.errors import NotFound
from community.notices.reading import find_newest, find_receipt, find_receipts, get_readable, reader_of
from community.notices.search import search_notices
from community.notices.sending.receipts import confirm_receipt
from web.api.activities import Writer
from web.api.models import NoticeOut, notice_out
from web.parts import Held
from web.residents.here import get_resident_here

router = APIRouter(prefix="/api", tags=["notices"])
MOST = 50
Typed = Annotated[str, Query(max_length=200)]


@router.get("/notices")
async def list_notices(request: Request, parts: Held, q: Typed = "") -> list[NoticeOut]:
    """What holds for the person, newest first; with `q` what these words find, valid or over."""
    async with parts.sessions() as session:
        here, resident_id = await get_resident_here(session, request, parts)
        if here.profile is None:
            raise NotFound
        reader = reader_of(here.profile)
        sought = q.strip()
        found = (
            await search_notices(session, reader, sought, now(), MOST)
            if sought
            else await find_newest(session, reader, now(), MOST)
        )
        receipts = await find_receipts(session, resident_id, [notice.id for notice in found])
    return [notice_out(notice, receipts.get(notice.id)) for notice in found]


@router.post("/notices/{notice_id}/receipt")
async def confirm(request: Request, parts: Held, who: Writer, notice_id: UUID) -> NoticeOut:
    """The person has read it; a second time changes nothing."""
    async with parts.sessions.begin() as session:
        here, _ = await get_resident_here(session, request, parts)
        if here.profile is None:
            raise NotFound
        notice = await get_readable(session, reader_of(here.profile), notice_id, now())
        await confirm_receipt(session, who, notice_id)
        receipt = await find_receipt(session, who, notice_id)
        if receipt is not None:
            await session.refresh(receipt)
        return notice_out(notice, receipt)
