"""Notices for residents: mine with search, one with its receipt, its files; public ones open without a sign-in.

The archive of a community is in archive.py, what one wants to be told in wishes.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.activities.queries import find_next_shift
from community.clock import now
from community.errors import NotFound
from community.files.attaching import Attachment
from community.files.models import File
from community.notices.files import find_files
from community.notices.kinds import find_notice_kind
from community.notices.marks import plain_words, read_marks
from community.notices.models import Notice, NoticeRecipient
from community.notices.reading import (
    anybody_in,
    explain_missing,
    find_newest,
    find_past,
    find_public,
    find_receipt,
    find_receipts,
    get_readable,
    is_within,
    reader_of,
)
from community.notices.search import search_notices
from community.places.models import Community
from community.places.queries import find_communities
from web.files import send_file
from web.parts import Held, Parts
from web.residents.drawing import Tongue, draw
from web.residents.here import Here, find_here, get_resident_here
from web.residents.qr import draw_qr

router = APIRouter()
MOST = 50
PAGE = 20
LONGEST_DESCRIPTION = 150
ACTIVITIES = "/m/activities"
Typed = Annotated[str, Query(max_length=200)]
After = Annotated[UUID | None, Query()]


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice that somebody may read, with its files and what became of it for them."""

    notice: Notice
    files: Sequence[Attachment]
    receipt: NoticeRecipient | None = None


@router.get("/m/notices", response_class=HTMLResponse)
async def notices(
    request: Request, parts: Held, q: Typed = "", past: bool = False, after: After = None
) -> HTMLResponse:
    """What holds for the person, what was, or what a search finds; without a community those to choose from."""
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        if here.community is None:
            return await _draw_communities(session, request, parts, here)
        found = await find_listed(session, here, here.community, q, past=past, after=after)
        receipts = await find_receipts(session, here.resident_id, [notice.id for notice in found])
    values = list_values(found, q, past=past, after=after)
    return draw(request, parts, here, "notices.html", {**values, "receipts": receipts, "archive": ""})


@router.get("/m/notices/mine/{notice_id}", response_class=HTMLResponse)
async def own_notice(request: Request, parts: Held, notice_id: UUID) -> HTMLResponse:
    """A notice that is for this person alone; who is not signed in comes by a link from the chat."""
    async with parts.sessions() as session:
        await get_resident_here(session, request, parts)
    return await one_notice(request, parts, notice_id)


@router.get("/m/notices/{notice_id}", response_class=HTMLResponse)
async def one_notice(request: Request, parts: Held, notice_id: UUID) -> HTMLResponse:
    """One notice; a public one opens for everybody, so that it can be forwarded."""
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        shown = await get_shown(session, here, notice_id)
        activity = await _find_activity(session, here, shown.notice)
        community = here.community or await _community_of(session, shown.notice)
    address = f"{parts.settings.address}/m/notices/{notice_id}"
    here = replace(here, community=community)
    return draw(request, parts, here, "notice.html", notice_values(here, shown, address, activity))


@router.get("/m/notices/{notice_id}/files/{file_id}")
async def file_of_notice(request: Request, parts: Held, notice_id: UUID, file_id: UUID) -> Response:
    """A photo or document that goes with a notice, for whoever may read the notice."""
    async with parts.sessions() as session:
        here = await find_here(session, request, parts)
        shown = await get_shown(session, here, notice_id)
        if file_id not in {file.id for file in shown.files}:
            raise NotFound
        return await send_file(parts, await session.get_one(File, file_id))


async def find_listed(
    session: AsyncSession, here: Here, community: Community, q: str, *, past: bool, after: UUID | None
) -> Sequence[Notice]:
    """The notices of a list: what is sought, else what is over, else what holds."""
    reader = reader_of(replace(here.profile, community=community)) if here.profile else anybody_in(community)
    if q.strip():
        return await search_notices(session, reader, q, now(), MOST)
    if past:
        return await find_past(session, reader, now(), PAGE, after)
    return await find_newest(session, reader, now(), MOST, after)


def list_values(found: Sequence[Notice], q: str, *, past: bool, after: UUID | None) -> dict[str, object]:
    """What the template of a list needs."""
    is_full = len(found) == (PAGE if past else MOST)
    return {
        "tab": "notices",
        "notices": found,
        "q": q.strip(),
        "past": past,
        "first": after is None,
        "more": str(found[-1].id) if is_full and not q.strip() else "",
        "at": now(),
        "kind_of": find_notice_kind,
    }


def notice_values(here: Here, shown: Shown, address: str, activity: str) -> dict[str, object]:
    """What the template of one notice needs; `address` is good to forward, `activity` leads to what one may join."""
    say, notice = Tongue(here), shown.notice
    text = say.local({"zh": notice.text_zh, "en": notice.text_en or ""})
    description = " ".join(plain_words(text).split())
    return {
        "tab": "notices",
        "shown": shown,
        "notice": notice,
        "blocks": read_marks(text),
        "foreign": here.language == "en" and not notice.text_en,
        "description": description[:LONGEST_DESCRIPTION],
        "kind": find_notice_kind(notice.category),
        "over": notice.valid_until <= now(),
        "activity": activity,
        "helps": notice.help_button and _may_be_theirs(here, notice),
        "address": address,
        "qr": draw_qr(address) if notice.public else "",
        "request_id": uuid4(),
    }


async def get_shown(session: AsyncSession, here: Here, notice_id: UUID) -> Shown:
    """The notice as the person's own, else as everybody may read it. Raises NotFound."""
    notice = await find_public(session, notice_id, now())
    receipt = None
    if here.profile is not None and here.profile.community is not None:
        receipt = await find_receipt(session, here.profile.resident.id, notice_id)
        if notice is None:
            notice = await get_readable(session, reader_of(here.profile), notice_id, now())
    if notice is None:
        raise await explain_missing(session, notice_id)
    return Shown(notice, await find_files(session, notice_id), receipt)


async def _find_activity(session: AsyncSession, here: Here, notice: Notice) -> str:
    """The path of the next date of the notice's activity, of all activities where there is none here; else nothing."""
    if notice.activity_id is None:
        return ""
    if here.community is None:
        return ACTIVITIES
    shift_id = await find_next_shift(session, here.community.id, notice.activity_id, now())
    return f"{ACTIVITIES}/{shift_id}" if shift_id else ACTIVITIES


def _may_be_theirs(here: Here, notice: Notice) -> bool:
    """Not where it is known that the person is of another community; who is not known says in the chat who they are."""
    if here.profile is None:
        return True
    return here.profile.community is not None and is_within(reader_of(here.profile), notice)


async def _community_of(session: AsyncSession, notice: Notice) -> Community | None:
    return await session.get(Community, notice.community_id) if notice.community_id else None


async def _draw_communities(
    session: AsyncSession, request: Request, parts: Parts, here: Here
) -> HTMLResponse:
    communities = await find_communities(session)
    return draw(request, parts, here, "archives.html", {"tab": "notices", "communities": communities})
