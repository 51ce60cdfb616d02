"""The case sheet of a need: one page of paper with what the reader may see. Who opened it stands in the audit log."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from community.audit.usecases import note_act
from community.clock import now
from community.conversations.queries import get_need_conversation
from community.errors import NotFound
from community.needs.kinds import kind_of
from community.needs.queries import NeedPage, get_need_page
from community.needs.rights import may_see_contact
from community.parties.queries import get_workplace
from community.parts.queries import find_parts
from community.residents.models import Language
from community.residents.queries import get_profile
from community.wishes.models import ContactWay
from community.wishes.usecases import find_wish
from web.pages import page as draw_page
from web.staff.desk import HOME, Desk, Looking, zone_of
from web.staff.routes import ConsoleRoute
from web.staff.signs import say_route
from web.staff.story import Item, tell_need
from web.words import words_for

router = APIRouter(route_class=ConsoleRoute, prefix=HOME)
MOST_LINES = 20
LONGEST_LINE = 110


@router.get("/{need_id}/sheet")
async def sheet(desk: Looking, need_id: UUID, language: Language | None = None) -> Response:
    """The sheet in the console's language or another one. Raises NotFound for what the reader may not read."""
    async with desk.parts.sessions.begin() as session:
        page = await get_need_page(session, desk.actor, need_id, what="sheet")
        if page.line.readable:
            need = page.line.need
            note_act(
                session,
                desk.actor,
                "need_sheet",
                subject_kind="need",
                subject_id=need.id,
                community_id=need.community_id,
            )
            values = await _read(session, desk.speaking(language), page)
    if not page.line.readable:
        raise NotFound
    return draw_page(desk.request, "staff/sheet.html", **values)


async def _read(session: AsyncSession, desk: Desk, page: NeedPage) -> dict[str, Any]:
    need, at = page.line.need, now()
    zone = zone_of(await get_workplace(session, desk.actor))
    said = await get_need_conversation(session, desk.actor, need)
    story = tell_need(desk, page.events, said, zone)
    wish = await find_wish(session, need.id)
    return {
        "language": desk.language,
        "t": words_for(desk.language),
        "me": desk.me,
        "page": page,
        "line": page.line,
        "need": need,
        "kind": kind_of(need.kind).name[desk.language],
        "moment": lambda moment: (
            f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
        ),  # paper knows no today
        "at": at,
        "why": say_route(desk, need.routing_why, need.routing_values),
        "parts": await find_parts(session, need.id),
        "profile": await get_profile(session, need.resident_id),
        "contact": may_see_contact(desk.actor, need) and wish is not ContactWay.ANONYMOUS,
        **_on_one_page(story),
    }


def _on_one_page(story: list[Item]) -> dict[str, Any]:
    """The beginning and the newest lines; what is left out between them is counted. Long words are cut."""
    head = story[: MOST_LINES // 3] if len(story) > MOST_LINES else story
    tail = story[len(story) - (MOST_LINES - len(head)) :] if len(story) > MOST_LINES else []
    return {
        "head": head,
        "tail": tail,
        "left_out": len(story) - len(head) - len(tail),
        "longest": LONGEST_LINE,
    }
